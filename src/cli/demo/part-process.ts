/** The program that people start, as the demo starts it: when the demo is gone, however it went, it is asked to stop. */
process.stdin.resume().once('close', () => process.kill(process.pid, 'SIGTERM'))
await import('../yardmaster.ts')
