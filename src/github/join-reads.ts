/**
 * Identical reads that wait are one request. Only while it waits: who asks after it was sent may be asking about what
 * happened since, and gets an answer of its own.
 */
export interface JoinReads {
  /** `ask` calls `sent` when the request goes out. */
  <T>(key: string, ask: (sent: () => void) => Promise<T>): Promise<T>
}

export function createJoinReads(): JoinReads {
  const waiting = new Map<string, Promise<unknown>>()
  return async <T>(key: string, ask: (sent: () => void) => Promise<T>): Promise<T> => {
    const same = waiting.get(key)
    // The key names the question, so the answer is of its kind.
    if (same !== undefined) return (await same) as T
    let [gone, answer]: [boolean, Promise<T> | null] = [false, null]
    const sent = (): void => {
      gone = true
      if (waiting.get(key) === answer) waiting.delete(key)
    }
    answer = ask(sent).finally(sent)
    if (!gone) waiting.set(key, answer)
    return await answer
  }
}
