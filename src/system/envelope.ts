/**
 * Seals a text for one public key: an X25519 agreement with a key made for this one text, HKDF-SHA-256 over it, and
 * AES-256-GCM. Nothing but these of node:crypto; a sealed text opens only with the private key and in its context.
 */
import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
} from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Envelope, Opener } from '../ports/desk.ts'

const CIPHER = 'aes-256-gcm'
const TAG = 16

export const envelope: Envelope = {
  seal(publicKey, text, context) {
    const { publicKey: mine, privateKey } = generateKeyPairSync('x25519')
    const from = encode(mine)
    const { key, iv } = keyOf(diffieHellman({ privateKey, publicKey: decode(publicKey) }), [
      from,
      publicKey,
    ])
    const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG })
    cipher.setAAD(Buffer.from(context))
    const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
    return `${from}.${hidden.toString('base64')}`
  },
}

export function createOpener(): Opener {
  const { publicKey: mine, privateKey } = generateKeyPairSync('x25519')
  const publicKey = encode(mine)
  return {
    publicKey,
    open(sealed, context) {
      try {
        return opened(sealed, context)
      } catch (cause) {
        throw new Error('the answer cannot be opened: it was sealed for another, or changed', {
          cause,
        })
      }
    },
  }

  function opened(sealed: string, context: string): string {
    const [from = '', hidden = ''] = sealed.split('.')
    const bytes = Buffer.from(hidden, 'base64')
    const { key, iv } = keyOf(diffieHellman({ privateKey, publicKey: decode(from) }), [
      from,
      publicKey,
    ])
    const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG })
    decipher.setAAD(Buffer.from(context))
    decipher.setAuthTag(bytes.subarray(-TAG))
    return decipher.update(bytes.subarray(0, -TAG), undefined, 'utf8') + decipher.final('utf8')
  }
}

/** Both public keys are bound in; the key serves one text, so the nonce may come with it. */
function keyOf(
  shared: Buffer,
  keys: readonly string[],
): { readonly key: Buffer; readonly iv: Buffer } {
  const bytes = Buffer.from(
    hkdfSync('sha256', shared, Buffer.alloc(0), `yardmaster ${keys.join(' ')}`, 44),
  )
  return { key: bytes.subarray(0, 32), iv: bytes.subarray(32) }
}

const encode = (key: KeyObject): string =>
  key.export({ type: 'spki', format: 'der' }).toString('base64')

const decode = (text: string): KeyObject =>
  createPublicKey({ key: Buffer.from(text, 'base64'), type: 'spki', format: 'der' })
