import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Impossible } from './fault.ts'

/** A disk of its own, small enough to be full. */
export interface SmallDisk {
  readonly folder: string
  /** Takes all the space that is left. */
  fill(): void
  free(): void
  close(): void
}

const blockBytes = 4096

/** Mounts a disk in memory. That takes root, and a kernel that lets root do it. */
export function openSmallDisk(megabytes: number): SmallDisk | Impossible {
  if (platform() !== 'linux') return { why: `no small disk can be mounted on ${platform()}` }
  if (process.getuid?.() !== 0) return { why: 'only root may mount a small disk' }
  const folder = mkdtempSync(join(tmpdir(), 'countersign-disk-'))
  try {
    const options = `size=${megabytes}m,mode=755`
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'pipe' })
  } catch (error) {
    rmdirSync(folder)
    return { why: `the kernel does not let root mount a small disk: ${firstLine(error)}` }
  }
  const ballast = join(folder, 'ballast')
  return {
    folder,
    fill: () => fillWith(ballast),
    free: () => rmSync(ballast, { force: true }),
    close() {
      execFileSync('umount', ['--lazy', folder])
      rmdirSync(folder)
    },
  }
}

function fillWith(path: string): void {
  const blocks = [256 * blockBytes, blockBytes].map((size) => Buffer.alloc(size))
  for (const block of blocks) {
    try {
      for (;;) appendFileSync(path, block)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
    }
  }
}

function firstLine(error: unknown): string {
  return String(error).split('\n').slice(0, 2).join(' ')
}
