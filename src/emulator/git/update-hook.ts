// The update hook of every bare repository: what GitHub refuses on push, in GitHub's words. Each
// refused ref is also written to $EMULATOR_REASONS, from which smart-http.ts words the status line.

/** POSIX shell, run by git once per pushed ref with `<ref> <old> <new>`. */
export const UPDATE_HOOK = `#!/bin/sh
ref=$1 old=$2 new=$3
zero=0000000000000000000000000000000000000000
refuse() { printf '%s\\t%s\\n' "$ref" "$1" >> "$EMULATOR_REASONS"; exit 1; }
case " $EMULATOR_PROTECTED " in
*" $ref "*)
  echo "error: GH006: Protected branch update failed for $ref." >&2
  if [ "$new" = "$zero" ]; then echo "error: Cannot delete a protected branch" >&2
  else echo "error: Changes must be made through a pull request." >&2; fi
  refuse "protected branch hook declined" ;;
esac
if [ "$ref" = "$EMULATOR_DEFAULT" ] && [ "$new" = "$zero" ]; then
  echo "error: refusing to delete the current branch: $ref" >&2
  refuse "refusing to delete the current branch: $ref"
fi
if [ "$EMULATOR_WORKFLOWS" = deny ] && [ "$new" != "$zero" ]; then
  file=$(git log --format= --name-only "$new" --not --all -- .github/workflows | head -n 1)
  if [ -n "$file" ]; then
    refuse "refusing to allow a GitHub App to create or update workflow \\\`$file\\\` without \\\`workflows\\\` permission"
  fi
fi
exit 0
`
