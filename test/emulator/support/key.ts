// One RSA key for all tests of a process: generating one takes up to 200 ms.
import { generateKeyPairSync } from 'node:crypto'

export const PRIVATE_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString()
