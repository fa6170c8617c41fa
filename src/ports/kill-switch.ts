/** The kill switch: a file in the data folder whose mere existence stops all new work. */
export interface KillSwitch {
  /** The machine and the file's path: the same in every life of the app. */
  readonly where: string
  /** The file's text; null: there is no such file. Throws when it cannot be known. */
  look(): Promise<string | null>
  /** True: it was there. */
  remove(): Promise<boolean>
  /** Calls back when something in its folder changed. Returns how to stop. */
  watch(poke: () => void): () => void
}
