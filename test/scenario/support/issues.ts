/** Issue texts that the built-in agent can work, and some that it cannot. */
export const HELLO = 'Please add a greeting.\n\n```txt path=hello.txt\nHello.\n```\n'

export const file = (path: string, text: string): string =>
  `Please.\n\n\`\`\`txt path=${path}\n${text}\n\`\`\`\n`

export const DOES_NOT_APPLY = `Please change it.

\`\`\`diff
--- a/README.md
+++ b/README.md
@@ -1,1 +1,1 @@
-# A title that was never there
+# Another
\`\`\`
`
