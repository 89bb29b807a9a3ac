/** The engines that can look again; `backcheck` are our own probes, which need nothing installed. */
export const ENGINES = ['nmap', 'sslscan', 'testssl', 'nuclei', 'wapiti', 'backcheck'] as const;
export type EngineName = (typeof ENGINES)[number];

/** Who wanted it: the organization, the coordinator, a look-back campaign, or the plan of rescans by risk. */
export const RETEST_ORIGINS = ['request', 'order', 'look-back', 'plan'] as const;
export type RetestOrigin = (typeof RETEST_ORIGINS)[number];

/** `waiting`: for its window, a free runner or its turn. */
export const RETEST_STATES = ['waiting', 'running', 'done', 'stopped'] as const;
export type RetestState = (typeof RETEST_STATES)[number];

/** `delivered`: its scan file is being imported. */
export const RETEST_TASK_STATES = ['waiting', 'running', 'delivered', 'done', 'failed', 'stopped'] as const;
export type RetestTaskState = (typeof RETEST_TASK_STATES)[number];

export const RETEST_OUTCOMES = ['proven', 'still-present', 'inconclusive'] as const;
export type RetestOutcome = (typeof RETEST_OUTCOMES)[number];

/**
 * Why a retest could not even ask, besides the reason codes of a scan that asked and got no answer (`REASONS`).
 * Texts in both languages are in contract/retest-labels.ts.
 */
export const RETEST_OBSTACLES = [
  /** No engine can prove the absence of this finding; `wouldProve` names what can. */
  'NO_ENGINE',
  /** An engine could, but no runner has it installed. */
  'TOOL_MISSING',
  /** The installed tool is older than the one that saw it. */
  'TOOL_TOO_OLD',
  /** No runner looks from the place from which it was seen. */
  'NO_RUNNER',
  /** No authorization in force covers this target and method. */
  'NOT_AUTHORIZED',
  /** Loopback, link-local, metadata, own or otherwise special, and not listed by address. */
  'ADDRESS_REFUSED',
  'NAME_UNRESOLVED',
  /** The tool resolves names by itself, and cannot be kept from it here. */
  'NAME_NOT_PINNED',
  /** The tool cannot go as slowly as the authorization demands. */
  'RATE_TOO_LOW',
  /** The emergency stop, or somebody stopped this retest. */
  'STOPPED',
  /** The window closed, or the authorization ended, before it was done. */
  'WINDOW_CLOSED',
  /** Every runner that took it was lost. */
  'RUNNER_LOST',
  /** The tool ended without a usable file. */
  'TOOL_FAILED',
] as const;
export type RetestObstacle = (typeof RETEST_OBSTACLES)[number];

/** What would prove a finding that no engine here can. */
export const WAYS_TO_PROVE = [
  'credentialed-scan',
  'package-list',
  'on-site-check',
  'same-tool',
  'newer-tool',
  'registered-profile',
  'other-vantage',
] as const;
export type WayToProve = (typeof WAYS_TO_PROVE)[number];
