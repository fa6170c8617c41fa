import { execFileSync } from 'node:child_process'
import { link, mkdir, open, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { takeFile } from '../../src/workspace/take-file.ts'
import { temporary, text } from '../git/world.ts'

describe('taking over a file', () => {
  test('copies a plain one, and says when there is none', async () => {
    const folder = await temporary()
    const [from, to] = [join(folder, 'from'), join(folder, 'to')]
    expect(await takeFile(from, to, 100)).toBe(false)
    await writeFile(from, 'content')
    expect(await takeFile(from, to, 100)).toBe(true)
    expect(await text(to)).toBe('content')
  })

  test.each<[string, (from: string, folder: string) => Promise<unknown>, string]>([
    ['a symbolic link', async (from) => await symlink('/etc/passwd', from), 'symbolic link'],
    [
      'a hard link to a file of ours',
      async (from, folder) => {
        await writeFile(join(folder, 'key'), 'secret')
        await link(join(folder, 'key'), from)
      },
      'somebody else',
    ],
    [
      'a FIFO',
      async (from) => await Promise.resolve(execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', from])),
      'no regular file',
    ],
    ['a folder', async (from) => await mkdir(from), 'no regular file'],
    [
      'a sparse file of five gigabytes',
      async (from) => {
        const file = await open(from, 'w')
        await file.truncate(5_000_000_000)
        await file.close()
      },
      '5000000000 bytes',
    ],
  ])('refuses %s, at once', async (_, make, why) => {
    const folder = await temporary()
    const [from, to] = [join(folder, 'from'), join(folder, 'to')]
    await make(from, folder)
    const before = performance.now()
    await expect(takeFile(from, to, 1_000_000)).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining(why),
    })
    expect(performance.now() - before).toBeLessThan(2000)
    await expect(text(to)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('refuses a device', async () => {
    const to = join(await temporary(), 'to')
    await expect(takeFile('/dev/zero', to, 1000)).rejects.toMatchObject({ kind: 'invalid' })
  })

  test('refuses to write where something is already', async () => {
    const folder = await temporary()
    const [from, to] = [join(folder, 'from'), join(folder, 'to')]
    await writeFile(from, 'content')
    await symlink(join(folder, 'elsewhere'), to)
    await expect(takeFile(from, to, 100)).rejects.toMatchObject({ code: 'EEXIST' })
  })
})
