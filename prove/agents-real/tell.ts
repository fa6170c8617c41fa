/** Tells the stories of one program, each in a world of its own, and never longer than its time. */
import { PRESETS } from '../../src/policy/presets.ts'
import { serveModel } from './model/serve.ts'
import type { Program } from './programs.ts'
import { script } from './script.ts'
import { openStage } from './stage.ts'
import { edit } from './stories/edit.ts'
import { handoff } from './stories/handoff.ts'
import { hostile } from './stories/hostile.ts'
import { askByTool, askOwnWay } from './stories/question.ts'
import type { Story } from './stories/story.ts'
import { openWorld } from './world.ts'

const STORIES: readonly Story[] = [edit, askByTool, askOwnWay, handoff, hostile]
export const STORY_NAMES = STORIES.map(({ name }) => name)

export interface Told {
  readonly program: string
  readonly story: string
  readonly kind: 'passed' | 'failed' | 'skipped'
  readonly words: string
  readonly seconds: number
}

export interface TellOptions {
  readonly program: Program
  readonly bin: string
  readonly network: string
}

/** `part`: only stories with these words in their name. */
export async function* tellAll(
  options: TellOptions,
  part: string | undefined,
): AsyncGenerator<Omit<Told, 'program'>> {
  for (const story of STORIES) {
    if (part !== undefined && !story.name.includes(part)) continue
    const began = performance.now()
    const told = await tellOne(options, story)
    yield { ...told, story: story.name, seconds: (performance.now() - began) / 1000 }
  }
}

/** With `model-only` an agent reaches its model through the door that its preset knows. */
const hasNoDoor = ({ program, network }: TellOptions): boolean =>
  network === 'model-only' && PRESETS[program.name].model === null

async function tellOne(options: TellOptions, story: Story): Promise<Pick<Told, 'kind' | 'words'>> {
  if (hasNoDoor(options))
    return { kind: 'skipped', words: 'its preset does not know where its model is' }
  const model = await serveModel(script)
  try {
    const world = await openWorld({ ...options, model })
    try {
      const why = story.skipped(world)
      if (why !== null) return { kind: 'skipped', words: why }
      await world.live()
      return { kind: 'passed', words: await story.tell(openStage(world)) }
    } catch (error) {
      return { kind: 'failed', words: error instanceof Error ? error.message : String(error) }
    } finally {
      await world.stop()
    }
  } finally {
    await model.close()
  }
}
