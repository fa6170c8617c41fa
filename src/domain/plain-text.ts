/**
 * Text from processes and remotes, made safe to show: no terminal sequences, no control characters, no
 * direction overrides. What remains is printable text, newlines and tabs.
 */

// CSI and OSC in both their 7-bit and 8-bit forms, then the remaining two-character escapes.
const TERMINAL =
  // oxlint-disable-next-line no-control-regex
  /(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]|(?:\u001B[\]PX^_]|[\u0090\u0098\u009D-\u009F])[^\u0007\u001B\u0090\u0098\u009C-\u009F]*(?:\u0007|\u001B\\|\u009C)|\u001B[ -/]*[0-~]/g
// C0 except tab and newline, DEL, C1, and every character that changes the direction of its neighbours.
const CONTROLS =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g

export const plainText = (text: string): string =>
  text
    .toWellFormed()
    .replace(TERMINAL, '')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(CONTROLS, '')
