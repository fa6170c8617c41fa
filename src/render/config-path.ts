/** Where a repository's settings live, as people are told. */
export const CONFIG_PATH = '.github/yardmaster.yml'
