/** The numbers that bound one agent process. Each is a judgement; its reason stands beside it. */

const MIB = 1024 * 1024

export const BOUNDS = {
  /** One protocol line. The largest legitimate ones carry a file's old and new text. */
  lineBytes: 8 * MIB,
  /** stdout and stderr together over a whole attempt; an hour of a talkative agent stays below 50 MiB. */
  outputBytes: 256 * MIB,
  /** Output within one window of `windowMilliseconds`: parsing that much takes about a second of our event loop. */
  windowBytes: 64 * MIB,
  /** Protocol messages within one window; streamed tokens come at 100–300 a second. */
  windowMessages: 50_000,
  windowMilliseconds: 10_000,
  /** Lines on stdout that are no protocol message: programs print a banner or a warning, not a book. */
  strangeLines: 200,
  strangeBytes: MIB,
  /** Requests of the agent that wait for our answer: more means that it does not read answers. */
  openRequests: 256,
  /** Kept of stderr, for the error of a crash. */
  stderrBytes: 16 * 1024,
  stderrLines: 12,
  /** The agent's final message, in characters. */
  summary: 8 * 1024,
  /** One line of progress, in characters. */
  line: 500,
  planItems: 50,
  question: 4 * 1024,
  /** A checkpoint, in characters: what fits a page is read, what does not is no brief. */
  brief: 8 * 1024,
  /** Decisions and discoveries of one agent, of each kind. */
  tellings: 50,
  /** Connections to our tools at a time: an agent has one, and each of its helpers may. */
  toolConnections: 8,
  /** One message to our tools; a report has 8 KiB. */
  toolBytes: MIB,
  error: 4 * 1024,
  /** From a connection to our tools to its token: the bridge sends it at once. */
  tokenMilliseconds: 5_000,
  /** Of its context an agent may fill this share. What compacts itself before never comes to it; a checkpoint needs the rest. */
  contextShare: 0.9,
  /** From the wish for a checkpoint to the end: a page takes a model half a minute. */
  checkpointMilliseconds: 180_000,
  /** At most one call of `onProgress` in this time. */
  newsMilliseconds: 100,
  /** Between `session/cancel` and the end of the process tree, so that the agent can save its session. */
  cancelGraceMilliseconds: 1_500,
  /** Between the polite and the hard end of the process tree. */
  endGraceMilliseconds: 2_000,
  /** After the process is gone: for output that is still in the pipe. */
  drainMilliseconds: 500,
} as const
