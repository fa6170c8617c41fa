/** The version of this package, read once. */
import { readFileSync } from 'node:fs'

export const PACKAGE_FOLDER = new URL('../../', import.meta.url)

export const VERSION: string = readVersion()

function readVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('package.json', PACKAGE_FOLDER), 'utf8'),
  )
  const has = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  if (has && typeof manifest.version === 'string') return manifest.version
  throw new Error('package.json names no version')
}
