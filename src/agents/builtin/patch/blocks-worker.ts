/** The thread of `read-blocks.ts`. */
import { parentPort, workerData } from 'node:worker_threads'
import { readBlocks } from './blocks.ts'

parentPort?.postMessage(readBlocks(String(workerData)))
