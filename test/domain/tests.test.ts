import { describe, expect, it } from 'vitest'
import { isTest } from '../../src/domain/tests.ts'

describe('a file is a test', () => {
  it.each([
    'test/greet.ts',
    'packages/a/tests/fixtures/one.json',
    'src/__tests__/greet.tsx',
    'src/__snapshots__/greet.snap',
    'spec/models/user_spec.rb',
    'src/greet.test.ts',
    'src/greet.spec.mjs',
    'greet_test.go',
    'test_greet.py',
    'pkg/conftest/tests.py',
    'src/test/java/GreeterTest.java',
    'Greeter/GreeterTests.cs',
    'GreeterSpec.scala',
    'e2e/login.ts',
    'internal/testdata/golden.txt',
  ])('%s', (path) => {
    expect(isTest(path)).toBe(true)
  })

  it.each([
    'src/greet.ts',
    'src/latest.ts',
    'src/contest/rules.ts',
    'src/attestation.go',
    'docs/testing.md',
    'src/inspect.ts',
    'specification.md',
    'Manifest.toml',
  ])('but not %s', (path) => {
    expect(isTest(path)).toBe(false)
  })
})
