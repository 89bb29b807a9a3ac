import type { DecisionTable } from './decision-table.ts';
import bod2604 from './tables/cisa-bod-26-04.json' with { type: 'json' };
import deployer from './tables/deployer.json' with { type: 'json' };
import humanImpact from './tables/human-impact.json' with { type: 'json' };

/**
 * The tables that are carried, with the rows of CERT/CC's repository (CERTCC/SSVC, data/json/decision_tables); the
 * names of points and values are ours. `read-decision-table.test.ts` compares each row with the published ones.
 */
export const DEPLOYER_TABLE: DecisionTable = deployer;
export const HUMAN_IMPACT_TABLE: DecisionTable = humanImpact;
export const BOD_26_04_TABLE: DecisionTable = bod2604;

export const DECISION_TABLES: readonly DecisionTable[] = [
  DEPLOYER_TABLE,
  HUMAN_IMPACT_TABLE,
  BOD_26_04_TABLE,
];
