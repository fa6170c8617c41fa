// The HTTP status of a call, whether Octokit throws it or not.

export async function status(call: Promise<{ readonly status: number }>): Promise<number> {
  return call.then(
    (response) => response.status,
    (error: unknown) => {
      if (error instanceof Error && 'status' in error) return Number(error.status)
      throw error
    },
  )
}
