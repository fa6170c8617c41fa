/**
 * Characters that carry text which nobody sees: zero-width, tags, selectors, fillers. Stripped from everything that
 * strangers and agents write, so that what a person approved is what is there. Emoji and scripts that need joiners keep them.
 */
import { plainText } from './plain-text.ts'

/** All that Unicode calls ignorable, but the joiners and selectors that some writing needs; and interlinear marks. */
const UNSEEN = /(?!\u200C|\u200D|\uFE0E|\uFE0F)\p{Default_Ignorable_Code_Point}|[\uFFF9-\uFFFB]/gu

/** A variation selector means something only after a sign that has two looks, and before the frame of a key cap. */
const SELECTORS = /(?<!\p{Extended_Pictographic})[\uFE0E\uFE0F](?!\u20E3)/gu
/** Joiners mean something inside an emoji, and in scripts whose letters join. */
const JOINERS =
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}])[\u200C\u200D]|[\u200C\u200D](?![\p{Extended_Pictographic}\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}])/gu

/** Control sequences, direction overrides and invisible characters are gone; line ends are `\n`. */
export function stripInvisible(text: string): string {
  const printable = plainText(text)
  // Plain text, which is nearly all text, needs no second look.
  if (/^[\x20-\x7E\n\t]*$/.test(printable)) return printable
  return printable.replace(UNSEEN, '').replace(SELECTORS, '').replace(JOINERS, '')
}
