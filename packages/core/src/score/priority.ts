import type { Text } from '../observe/text.ts';
import { decide, nameOf } from './decision-table.ts';
import type { FindingClass } from './finding-class.ts';
import type { ChineseGrade } from './grade.ts';
import { humanImpactOf } from './human-impact.ts';
import { isCvssFlaw, readCvss } from './read-cvss.ts';
import { DEPLOYER_TABLE } from './tables.ts';

/**
 * Outcomes of the deployer's decision table of SSVC, most pressing first. Stored by its index: the list may only grow at
 * its end.
 */
export const PRIORITIES = ['immediate', 'out-of-cycle', 'scheduled', 'defer'] as const;
export type Priority = (typeof PRIORITIES)[number];

const BY_KEY: Readonly<Record<string, Priority>> = {
  I: 'immediate',
  O: 'out-of-cycle',
  S: 'scheduled',
  D: 'defer',
};

/** What a priority is made from. Only machines and lists, no persons. */
export interface PriorityFacts {
  readonly class: FindingClass;
  readonly grade: ChineseGrade;
  readonly cve: readonly string[];
  /** Of the entry listed first; null: none of its CVEs is listed. */
  readonly kev: { readonly cve: string; readonly addedOn: string } | null;
  /** Said of one of its CVEs, the strongest; null: nobody said anything. */
  readonly exploitation: 'none' | 'poc' | 'active' | null;
  readonly automatable: boolean | null;
  /** Vectors of its CVEs; they answer what nobody assessed. */
  readonly cvss: readonly string[];
  /** Of the asset, as declared; null: nobody declared it. */
  readonly exposed: boolean | null;
  /** MLPS level of its system, 1 to 5; null: not known or not graded. */
  readonly level: number | null;
  readonly criticalInfrastructure: boolean;
  /** Of the asset or its system, the greater; null: not said. */
  readonly importance: 'vital' | 'important' | 'general' | null;
  /** Purposes of the key lists in force that the asset or its organization is on. */
  readonly keyLists: readonly string[];
}

/** One input of the table: which value, and which fact led to it. */
export interface PriorityInput {
  /** Code of the decision point: "ssvc:E:1.1.0". */
  readonly point: string;
  readonly name: Text;
  /** Key of the value: "A". */
  readonly value: string;
  readonly label: Text;
  readonly because: Text;
}

export interface PriorityDecision {
  readonly priority: Priority;
  /** Code of the table. */
  readonly table: string;
  /** From 0. */
  readonly row: number;
  /** SSVC speaks of vulnerabilities; a finding without a CVE follows the table by analogy. */
  readonly byAnalogy: boolean;
  readonly inputs: readonly PriorityInput[];
}

interface Answer {
  readonly value: string;
  readonly because: Text;
}

const because = (value: string, zh: string, en: string): Answer => ({ value, because: { zh, en } });

/**
 * The priority of a finding by the deployer's table of SSVC (DT_DP 1.0.0). What nobody declared never makes it less
 * pressing than the mean. EPSS is no input: it orders findings of one priority, and never lowers one.
 */
export function priorityOf(facts: PriorityFacts): PriorityDecision {
  const answers: Readonly<Record<string, Answer>> = {
    'ssvc:E:1.1.0': exploitationOf(facts),
    'ssvc:EXP:1.0.1': exposureOf(facts),
    'ssvc:A:2.0.0': automatableOf(facts),
    'ssvc:HI:2.0.2': humanImpactOf(facts),
  };
  const inputs = DEPLOYER_TABLE.inputs.map((point) => {
    const answer = answers[point.code] ?? because('?', '', '');
    return { point: point.code, name: point.name, ...answer, label: nameOf(point, answer.value) };
  });
  const values = Object.fromEntries(inputs.map(({ point, value }) => [point, value]));
  const { row, value } = decide(DEPLOYER_TABLE, values);
  const byAnalogy = facts.cve.length === 0;
  return { priority: BY_KEY[value] ?? 'immediate', table: DEPLOYER_TABLE.code, row, byAnalogy, inputs };
}

function exploitationOf({ kev, exploitation, cve, class: about, grade }: PriorityFacts): Answer {
  if (kev !== null)
    return because(
      'A',
      `${kev.cve} 于 ${kev.addedOn} 列入 CISA 已知被利用漏洞目录（KEV）`,
      `${kev.cve} has been in CISA's list of known exploited vulnerabilities (KEV) since ${kev.addedOn}`,
    );
  if (about === 'weak-credential')
    return because(
      'A',
      '弱口令、默认口令一直在被自动化攻击尝试',
      'Weak and default passwords are tried by automated attacks all the time',
    );
  if (exploitation === 'active')
    return because('A', 'CVE 记录中的评估：已被利用', 'The assessment in the CVE record says: exploited');
  if (exploitation === 'poc')
    return because(
      'P',
      'CVE 记录中的评估：有公开验证代码',
      'The assessment in the CVE record says: a public proof of concept exists',
    );
  if (cve.length > 0)
    return because(
      'N',
      exploitation === null ? '现有数据源中没有被利用的记载' : 'CVE 记录中的评估：未见利用',
      exploitation === null
        ? 'No feed that was taken in says that it is exploited'
        : 'The assessment in the CVE record says: no exploitation known',
    );
  if (about === 'exposed-service' || grade === 'critical' || grade === 'high')
    return because(
      'P',
      '没有 CVE 编号；此类问题的利用方法众所周知（类推）',
      'It has no CVE; how to exploit such a finding is well known (by analogy)',
    );
  return because(
    'N',
    '没有 CVE 编号，等级不高（类推）',
    'It has no CVE and its grade is not high (by analogy)',
  );
}

function exposureOf({ exposed }: PriorityFacts): Answer {
  if (exposed === null)
    return because(
      'O',
      '资产是否暴露在互联网无人填写，按暴露处理',
      'Nobody declared whether the asset can be reached from the internet; it is taken as if it can',
    );
  return exposed
    ? because('O', '资产登记为暴露在互联网', 'The asset is registered as reachable from the internet')
    : because('C', '资产登记为不暴露在互联网', 'The asset is registered as not reachable from the internet');
}

function automatableOf({ automatable, cve, cvss, class: about, grade }: PriorityFacts): Answer {
  if (automatable !== null)
    return automatable
      ? because(
          'Y',
          'CVE 记录中的评估：可自动化利用',
          'The assessment in the CVE record says: can be automated',
        )
      : because(
          'N',
          'CVE 记录中的评估：不可自动化利用',
          'The assessment in the CVE record says: cannot be automated',
        );
  if (about === 'weak-credential' || about === 'exposed-service')
    return because(
      'Y',
      '此类问题可由程序批量扫描和尝试',
      'Programs look for such findings and try them in bulk',
    );
  const vector = cvss.find(needsNobody);
  if (vector !== undefined)
    return because(
      'Y',
      `无人评估；CVSS 向量 ${vector} 表明可经网络、低复杂度、无需权限和交互即可利用`,
      `Nobody assessed it; the CVSS vector ${vector} needs only the network, no privileges and nobody's help`,
    );
  if (cvss.length > 0)
    return because(
      'N',
      '无人评估；CVSS 向量表明利用需要更多条件',
      'Nobody assessed it; by its CVSS vectors an attack needs more',
    );
  if (cve.length === 0 && grade === 'critical')
    return because(
      'Y',
      '没有 CVE 编号；等级为超危（类推）',
      'It has no CVE; its grade is critical (by analogy)',
    );
  return because('N', '无人评估，也没有 CVSS 向量', 'Nobody assessed it, and there is no CVSS vector');
}

/** Each once, and at most so many: what is left out would have changed no priority. */
export function tellingVectors(vectors: readonly string[], most: number): string[] {
  const all = [...new Set(vectors)];
  if (all.length <= most) return all;
  const first = all.find(needsNobody);
  return [...new Set([...(first === undefined ? [] : [first]), ...all])].slice(0, most);
}

/** Over the network, simple, without privileges and without anybody's help. */
function needsNobody(vector: string): boolean {
  const read = readCvss(vector);
  if (isCvssFlaw(read)) return false;
  const wanted = read.version === '2.0' ? ['AV:N', 'AC:L', 'Au:N'] : ['AV:N', 'AC:L', 'PR:N', 'UI:N'];
  const needed = read.version === '4.0' ? [...wanted, 'AT:N'] : wanted;
  return needed.every((one) => {
    const [name = '', value] = one.split(':');
    return read.metrics.get(name) === value;
  });
}
