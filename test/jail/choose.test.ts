import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { chooseJail, type JailDecision } from '../../src/jail/choose.ts'
import type { JailChoice } from '../../src/domain/settings.ts'
import { ids, PATH, temporary } from '../git/world.ts'
import { isMissing } from './world.ts'

async function choose(choice: JailChoice, path: string): Promise<JailDecision> {
  const folder = await temporary()
  return await chooseJail({
    choice,
    image: null,
    environment: {},
    folder,
    sockets: folder,
    ids,
    toolchain: { path, needed: [], hidden: [] },
  })
}

/** A machine on which bubblewrap is installed and not permitted. */
async function forbidden(): Promise<string> {
  const folder = await temporary()
  const script =
    '#!/bin/sh\ntest "$1" != --version || { echo bubblewrap 0.8.0; exit 0; }\necho "bwrap: No permissions to create new namespace" >&2\nexit 1\n'
  await writeFile(join(folder, 'bwrap'), script)
  await chmod(join(folder, 'bwrap'), 0o755)
  return folder
}

describe('the choice of a jail', () => {
  test('none was asked for: open, and it says by whom', async () => {
    expect(await choose('none', PATH)).toMatchObject({
      kind: 'open',
      asked: true,
      jail: { kind: 'none' },
    })
  })

  test('auto without bubblewrap: open for our own agent only, and it says what to install', async () => {
    expect(await choose('auto', await temporary())).toMatchObject({
      kind: 'open',
      asked: false,
      reason: 'bubblewrap is not installed',
      fix: expect.stringContaining('apt-get install bubblewrap'),
    })
  })

  test('bubblewrap that is not permitted is found out by trying it', async () => {
    const path = await forbidden()
    const words = {
      reason: 'bubblewrap does not work here: bwrap: No permissions to create new namespace',
      fix: expect.stringContaining('seccomp=unconfined'),
    }
    expect(await choose('bwrap', path)).toMatchObject({ kind: 'unavailable', ...words })
    expect(await choose('auto', path)).toMatchObject({ kind: 'open', asked: false, ...words })
  })
})

describe('where bubblewrap works', () => {
  beforeEach((context) => context.skip(isMissing('bwrap'), 'no bubblewrap here'))

  test.each<JailChoice>(['auto', 'bwrap'])('%s is contained', async (choice) => {
    expect(await choose(choice, PATH)).toMatchObject({
      kind: 'contained',
      jail: { kind: 'bwrap' },
      version: expect.stringMatching(/^\d+\.\d+/),
    })
  })
})
