/**
 * Which files are tests, by where and what they are called: the habits of JavaScript, Python, Go, Rust, Ruby, Java, C#
 * and their kin. Helpers and fixtures beside tests count as tests, because these do not run without them.
 */
const FOLDERS: ReadonlySet<string> = new Set([
  'test',
  'tests',
  '__tests__',
  '__snapshots__',
  'spec',
  'specs',
  'e2e',
  'testdata',
])

/** `greet.test.ts`, `greet_test.go`, `test_greet.py`, `greet-spec.js`; and `GreetTest.java`, `GreetTests.cs`, `GreetSpec.scala`. */
const NAME = /(?:^|[._-])(?:tests?|spec)(?:[._-]|$)|[a-z0-9](?:Tests?|Spec)\./

export function isTest(path: string): boolean {
  const folders = path.split('/')
  const name = folders.pop() ?? ''
  return folders.some((folder) => FOLDERS.has(folder.toLowerCase())) || NAME.test(name)
}
