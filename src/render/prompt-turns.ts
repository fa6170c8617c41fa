/** What an agent is told in the middle of its work: that it has gone silent, and that its context is nearly full. */

/** Said once, after its turn was cancelled. */
export const NUDGE =
  'You gave no sign of life for a long time, so your turn was interrupted. Go on with the task from where you are. What runs long, start in the background with its output in a file, and look at it now and then.\n'

const ASKED =
  'Your context is nearly full, so your turn was interrupted. Change no more files. Another agent, with a fresh context and without this conversation, goes on in this worktree. Write down what it must know: what is done and how you know that it works, what is left, what was tried and did not work, which files matter, what comes next. At most one page.'

/** Null: the agent has none of our tools. */
export const checkpointPrompt = (tool: string | null): string =>
  tool === null
    ? `${ASKED} Answer with nothing but that.\n`
    : `${ASKED} Hand it over with your tool \`${tool}\`, and end your turn.\n`

/** For a conversation that is taken up again although nobody was asked anything. */
export const GO_ON =
  'Your work was interrupted through no fault of yours. Your files are as you left them. Go on with the task as it was given to you.\n'
