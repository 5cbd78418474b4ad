/** How long and how often things are measured: bounds a run in count and in time. */
export interface Plan {
  readonly verify: VerifyPlan
  readonly route: RoutePlan
  readonly accounts: AccountsPlan
  readonly flood: FloodPlan
  readonly revocation: RevocationPlan
  readonly postgres: PostgresPlan
}

interface SectionPlan {
  readonly rounds: number
  /** After this, what is left gets one round: a busy machine must not make a run endless. */
  readonly maxSeconds: number
}

export interface VerifyPlan extends SectionPlan {
  /** Distinct tokens, no more than fast-jwt's default cache holds. */
  readonly tokens: number
  /** Time inside the calls, per contender, algorithm and round. */
  readonly budgetMs: number
}

export interface RoutePlan extends SectionPlan {
  readonly seconds: number
  readonly connections: number
  /** Distinct signed-in callers. */
  readonly callers: number
}

export interface AccountsPlan extends SectionPlan {
  readonly durationMs: number
  readonly connections: readonly number[]
}

export interface FloodPlan extends SectionPlan {
  readonly idleMs: number
  readonly floodMs: number
  readonly attackers: number
}

export interface RevocationPlan {
  /** Processes that follow the ledger. */
  readonly services: number
  /** Of each cause. */
  readonly revocations: number
  readonly rounds: number
  /** How long each way is loaded in a round. */
  readonly routeSeconds: number
  /** Of copies of the ledger. */
  readonly entries: readonly number[]
}

export interface PostgresPlan extends SectionPlan {
  readonly durationMs: number
  readonly connections: readonly number[]
  /** Of the table of sessions. */
  readonly rows: readonly number[]
}

/** About nine minutes on two idle cores. */
export const fullPlan: Plan = {
  verify: { rounds: 5, maxSeconds: 75, tokens: 1000, budgetMs: 60 },
  route: { rounds: 3, maxSeconds: 90, seconds: 2, connections: 16, callers: 50 },
  accounts: { rounds: 3, maxSeconds: 210, durationMs: 1000, connections: [1, 16, 64] },
  flood: { rounds: 3, maxSeconds: 70, idleMs: 2000, floodMs: 4000, attackers: 200 },
  revocation: {
    services: 32,
    revocations: 100,
    rounds: 5,
    routeSeconds: 3,
    entries: [1_000_000, 10_000_000],
  },
  postgres: {
    rounds: 5,
    maxSeconds: 120,
    durationMs: 3000,
    connections: [1, 16, 64],
    rows: [10_000, 1_000_000, 5_000_000],
  },
}

/** Under two minutes there: shows whether everything runs. Too short to quote. */
export const quickPlan: Plan = {
  verify: { rounds: 3, maxSeconds: 20, tokens: 200, budgetMs: 20 },
  route: { rounds: 1, maxSeconds: 20, seconds: 1, connections: 16, callers: 20 },
  accounts: { rounds: 1, maxSeconds: 60, durationMs: 500, connections: [1, 16] },
  flood: { rounds: 1, maxSeconds: 20, idleMs: 1000, floodMs: 2000, attackers: 200 },
  revocation: {
    services: 8,
    revocations: 10,
    rounds: 2,
    routeSeconds: 1,
    entries: [1_000_000],
  },
  postgres: {
    rounds: 1,
    maxSeconds: 60,
    durationMs: 1000,
    connections: [1, 16],
    rows: [10_000, 100_000],
  },
}
