import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { programFolders, toolchainFolders } from '../../src/jail/toolchain.ts'
import { temporary } from '../git/world.ts'

async function home(): Promise<string> {
  const folder = await temporary()
  for (const name of [
    '.local/bin/agent',
    '.local/share/keyrings/login.keyring',
    '.local/share/agent/versions/1.0/agent',
    '.nvm/v24/bin/node',
    '.nvm/v24/lib/node_modules/npm/bin/npm-cli.js',
    '.ssh/id_ed25519',
    'app/node_modules/node/bin/node',
    'app/node_modules/.bin/tool',
  ]) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), '')
  }
  return folder
}

describe('the toolchain', () => {
  test('is the folders of PATH and the packages beside them, never what lies around', async () => {
    const at = await home()
    const path = [`${at}/.nvm/v24/bin`, `${at}/.local/bin`, '/usr/bin', '/bin', `${at}/none`].join(
      ':',
    )
    const needed = [`${at}/.nvm/v24/bin/node`]
    expect((await toolchainFolders({ path, needed, hidden: [at] })).toSorted()).toEqual([
      `${at}/.local/bin`,
      `${at}/.nvm/v24/bin`,
      `${at}/.nvm/v24/lib/node_modules`,
    ])
  })

  test('takes a node that npm installed together with its packages', async () => {
    const at = await home()
    const path = `${at}/app/node_modules/.bin:${at}/app/node_modules/node/bin`
    expect(await toolchainFolders({ path, needed: [], hidden: [at] })).toEqual([
      `${at}/app/node_modules`,
    ])
  })

  test('never shows a folder that holds what must stay hidden, whatever PATH says', async () => {
    const at = await home()
    await symlink(at, `${at}/.local/tools`)
    const path = `${at}:${dirname(at)}:/:.:bin:${at}/.ssh/..:${at}/.local/tools:`
    expect(await toolchainFolders({ path, needed: [at], hidden: [at, `${at}/data`] })).toEqual([])
  })

  test('follows an agent’s link from PATH to where it is installed', async () => {
    const at = await home()
    await symlink(`${at}/.local/share/agent/versions/1.0/agent`, `${at}/.local/bin/linked`)
    const toolchain = { path: `/usr/bin:${at}/.local/bin`, needed: [], hidden: [at] }
    expect((await programFolders('linked', toolchain)).toSorted()).toEqual([
      `${at}/.local/bin`,
      `${at}/.local/share/agent/versions/1.0`,
    ])
    expect(await programFolders('no-such-agent', toolchain)).toEqual([])
    expect(await programFolders('sh', toolchain)).toEqual([])
  })
})
