/** As much of picomatch as is used here; the package brings no types of its own. */
declare module 'picomatch' {
  interface Options {
    readonly dot?: boolean
    readonly nocase?: boolean
    readonly noextglob?: boolean
    readonly nonegate?: boolean
  }
  const picomatch: (globs: readonly string[], options?: Options) => (text: string) => boolean
  export default picomatch
}
