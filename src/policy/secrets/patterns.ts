/**
 * Tokens that are known by their shape, whoever owns them. Each shape is one that its maker documents or that is long and
 * odd enough to be nothing else; whatever merely looks random is not among them, because people paste that all day.
 */
export interface Shape {
  /** As people are told: "looks like …". */
  readonly name: string
  readonly pattern: RegExp
  /** A second look at what the pattern took; by default that it is no placeholder. */
  readonly genuine?: (text: string) => boolean
}

const shape = (name: string, pattern: RegExp, genuine?: Shape['genuine']): Shape => ({
  name,
  pattern,
  ...(genuine === undefined ? {} : { genuine }),
})

/** All are global; none can be slow: every repetition is of one class, with nothing behind it that the class holds. */
export const SHAPES: readonly Shape[] = [
  // Since 2026 installation tokens look like `ghs_<app id>_<JWT>`.
  shape('a GitHub token', /\bgh[oprsu]_[A-Za-z0-9][A-Za-z0-9._-]{35,}/g),
  shape('a GitHub token', /\bgithub_pat_[A-Za-z0-9_]{40,}/g),
  shape('a GitLab token', /\bglpat-[A-Za-z0-9_-]{20,}/g),
  shape('an AWS access key', /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g),
  shape(
    'an AWS secret key',
    /\baws_?secret_?(?:access_?)?key["']?\s{0,3}[:=]\s{0,3}["']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/gi,
  ),
  shape('an Anthropic key', /\bsk-ant-[a-z0-9]{2,12}-[A-Za-z0-9_-]{24,}/g),
  shape('an OpenAI key', /\bsk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{24,}/g),
  shape('an OpenAI key', /\bsk-[A-Za-z0-9]{40,64}(?![A-Za-z0-9_-])/g),
  shape('a Google key', /\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g),
  shape('a Google token', /\bya29\.[A-Za-z0-9_-]{30,}/g),
  shape('a Google client secret', /\bGOCSPX-[A-Za-z0-9_-]{28}(?![A-Za-z0-9_-])/g),
  shape('a Slack token', /\bxox[abeoprs]-(?=[A-Za-z-]{0,20}\d)[A-Za-z0-9-]{24,}/g),
  shape('a Slack token', /\bxapp-\d-[A-Z0-9]{9,12}-[A-Za-z0-9-]{24,}/g),
  shape(
    'a Slack webhook',
    /\bhooks\.slack\.com\/services\/T[A-Z0-9]{8,}\/B[A-Z0-9]{8,}\/[A-Za-z0-9]{20,}/g,
  ),
  shape('an npm token', /\bnpm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g),
  shape('a PyPI token', /\bpypi-AgE[A-Za-z0-9_-]{50,}/g),
  shape('a Stripe key', /\b[rs]k_live_[A-Za-z0-9]{20,}/g),
  shape('a Hugging Face token', /\bhf_[A-Za-z0-9]{34}(?![A-Za-z0-9])/g),
  shape('a SendGrid key', /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g),
  // To its end, or as far as it was pasted.
  shape(
    'a private key',
    /-----BEGIN (?:[A-Z0-9]{2,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----)[\s\S]){40,8000}(?:-----END [A-Z0-9 ]{2,40}-----)?/g,
    (text) => /[A-Za-z0-9+/]{24}/.test(text) && !/\.{3}|…/.test(text) && isVaried(text),
  ),
  shape(
    'a signed token (JWT)',
    /\beyJ[A-Za-z0-9_-]{10,4000}\.eyJ[A-Za-z0-9_-]{10,8000}\.[A-Za-z0-9_-]{20,2000}/g,
    isJwt,
  ),
]

/** `EXAMPLE`, `xxxxxxxx` and `1111…` stand in manuals; a real token has many different characters. */
export const isGenuine = (text: string): boolean =>
  !/EXAMPLE|x{6}|X{6}|(.)\1{7}/.test(text) && isVaried(text)

const isVaried = (text: string): boolean => new Set(text.slice(4)).size >= 10

/** A header that names its algorithm, and claims: what merely begins alike is not one. */
function isJwt(text: string): boolean {
  const [header = '', claims = ''] = text.split('.')
  try {
    const { alg } = JSON.parse(decode(header)) as { readonly alg?: unknown }
    return (
      typeof alg === 'string' && alg !== 'none' && typeof JSON.parse(decode(claims)) === 'object'
    )
  } catch {
    return false
  }
}

const decode = (digits: string): string => atob(digits.replaceAll('-', '+').replaceAll('_', '/'))
