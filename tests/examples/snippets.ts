import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll } from 'vitest'
import { root } from './run-example.ts'

// Code in the documentation. What a snippet takes for granted stands before it in a comment
// that readers do not see: `<!-- given: … -->`.

/** One block of code. */
export interface Snippet {
  /** Where it is, as in `README.md:40`. */
  readonly place: string
  /** What the block says it is: `ts`, `js`, `sh`. */
  readonly language: string
  /** What it takes for granted, then the block itself. */
  readonly text: string
}

const block = /(?:^<!-- given:\n(?<given>.*?)\n-->\n\n)?^```(?<language>\w+)\n(?<text>.*?)^```$/gms

/**
 * The code of a page, in order.
 *
 * @param page From the root of the repository.
 */
export function snippetsOf(page: string): Snippet[] {
  const markdown = readFileSync(join(root, page), 'utf8')
  return [...markdown.matchAll(block)].map(({ index, groups = {} }) => ({
    place: `${page}:${markdown.slice(0, index).split('\n').length}`,
    language: groups['language'] ?? '',
    text: [groups['given'], groups['text']].filter(Boolean).join('\n'),
  }))
}

/** The one snippet of a page in a language that holds some text. */
export function snippetWith(page: string, language: string, text: string): Snippet {
  const [found, ...others] = snippetsOf(page).filter(
    (snippet) => snippet.language === language && snippet.text.includes(text),
  )
  if (!found || others.length > 0) throw new Error(`Not one snippet of ${page} has: ${text}`)
  return found
}

/** A folder in which what a snippet imports is found. */
export interface SnippetFolder {
  readonly path: string
  /**
   * Writes a snippet as a file of its own.
   *
   * @param more What comes after it.
   * @returns Its path.
   */
  write(snippet: Snippet, more?: string): string
}

/** Makes a folder for one test file. It is gone when its tests are over. */
export function createSnippetFolder(): SnippetFolder {
  const parent = join(root, '.cache', 'snippets')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'folder-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  let count = 0
  return {
    path: folder,
    write({ place, language, text }, more = '') {
      count += 1
      const name = `${basename(place).replaceAll(/\W/g, '-')}-${count}`
      const path = join(folder, `${name}.${language === 'js' ? 'mjs' : language}`)
      writeFileSync(path, `${text}${more}`)
      return path
    },
  }
}
