/** How long and how often things are measured: bounds the run in count and in time. */
export interface Plan {
  readonly verify: VerifyPlan
  readonly route: RoutePlan
  readonly accounts: AccountsPlan
  readonly flood: FloodPlan
}

export interface VerifyPlan {
  readonly rounds: number
  /** Distinct tokens, no more than fast-jwt's default cache holds. */
  readonly tokens: number
  /** Time inside the calls, per contender, algorithm and round. */
  readonly budgetMs: number
}

export interface RoutePlan {
  readonly rounds: number
  readonly seconds: number
  readonly connections: number
  /** Distinct signed-in callers. */
  readonly callers: number
}

export interface AccountsPlan {
  readonly rounds: number
  readonly durationMs: number
  readonly connections: readonly number[]
}

export interface FloodPlan {
  readonly rounds: number
  readonly idleMs: number
  readonly floodMs: number
  readonly attackers: number
}

/** About seven minutes on two cores. */
export const fullPlan: Plan = {
  verify: { rounds: 7, tokens: 1000, budgetMs: 60 },
  route: { rounds: 3, seconds: 2, connections: 16, callers: 50 },
  accounts: { rounds: 3, durationMs: 1500, connections: [1, 16, 64] },
  flood: { rounds: 3, idleMs: 2000, floodMs: 4000, attackers: 200 },
}

/** Under two minutes: shows whether everything runs. Too short to quote. */
export const quickPlan: Plan = {
  verify: { rounds: 3, tokens: 200, budgetMs: 20 },
  route: { rounds: 1, seconds: 1, connections: 16, callers: 20 },
  accounts: { rounds: 1, durationMs: 500, connections: [1, 16] },
  flood: { rounds: 1, idleMs: 1000, floodMs: 2000, attackers: 200 },
}
