import {
  answeredKey,
  type Closure,
  CREDENTIALS,
  METHODS,
  methodBit,
  sampleHours,
  type Witness,
} from '@backcheck/core';
import { assumptionText } from './assumptions.ts';
import { CREDENTIAL_LABELS, IDENTIFIER_LABELS, METHOD_LABELS, PARTY_LABELS } from './labels.ts';
import type { Text } from './text.ts';

/** One condition of coverage: what it asks, what this finding needed, what the scan brought. All of them hold. */
export interface CoverageRow {
  readonly condition: Text;
  readonly needed: Text;
  readonly brought: Text;
}

/** A name, a number or a time is the same in both languages. */
export const asIs = (text: string): Text => ({ zh: text, en: text });

const NO_DEMAND: Text = { zh: '无要求', en: 'no demand' };
const NOT_STATED: Text = { zh: '文件未写明', en: 'not stated' };

/** "2026-04-11 08:00:00 UTC", from an instant of the closure. */
export function utcTime(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`;
}

/** Where the finding is: "tcp/443", or the asset as a whole. */
export function placeText(transport: string, port: number): Text {
  return transport === 'none' ? { zh: '整台资产', en: 'the asset as a whole' } : asIs(`${transport}/${port}`);
}

export function identifierText({ kind, value }: Closure['finding']['asset'][number]): Text {
  const { zh, en } = IDENTIFIER_LABELS[kind];
  return { zh: `${zh} ${value}`, en: `${en} ${value}` };
}

/**
 * Every condition under which the silence of this scan is an answer (docs/certificate.md section 6), with its fact.
 * The closure must have passed the review: the rows do not judge, they show.
 */
export function coverageRows(closure: Closure, witness: Witness): CoverageRow[] {
  return [...placeRows(closure, witness), ...depthRows(closure, witness), ...trustRows(closure, witness)];
}

/** Reached, examined, run: where the scan looked, and for what. */
function placeRows({ finding }: Closure, witness: Witness): CoverageRow[] {
  const { scan, visit, claim, standIn } = witness;
  const key = answeredKey(finding.key, standIn);
  const visited = joined(visit.identifiers.map(identifierText));
  const through: Text = standIn
    ? {
        zh: `（替代 ${finding.key.check}，等价关系 ${standIn.equivalence}）`,
        en: ` (stands in for ${finding.key.check} by ${standIn.equivalence})`,
      }
    : asIs('');
  return [
    {
      condition: { zh: '到达同一资产', en: 'Same asset reached' },
      needed: asIs(finding.key.asset),
      brought: { zh: `已应答：${visited.zh}`, en: `answered: ${visited.en}` },
    },
    {
      condition: { zh: '检查同一端口', en: 'Same port examined' },
      needed: placeText(key.transport, key.port),
      brought: claim.transport === 'none' ? placeText('none', 0) : asIs(`${claim.transport}/${claim.ports}`),
    },
    {
      condition: { zh: '运行同一检测项', en: 'Same check run' },
      needed: asIs(key.check),
      brought: { zh: `${checksText(witness).zh}${through.zh}`, en: `${checksText(witness).en}${through.en}` },
    },
    ...(key.locus === '' ? [] : [locusRow(key.locus, claim.within)]),
    {
      condition: { zh: '扫描完整', en: 'Scan complete' },
      needed: { zh: '运行结束，或逐项写明结论', en: 'ran to its end, or states this very verdict' },
      brought: scan.complete
        ? { zh: '文件表明已运行结束', en: 'the file shows its end' }
        : { zh: '未结束，但文件写明了该项结论', en: 'did not end, but states this verdict' },
    },
  ];
}

function checksText({ claim: { checks }, scan }: Witness): Text {
  if ('ids' in checks) return asIs(checks.ids.join(', '));
  if ('ranges' in checks) return asIs(`${scan.tool.name} ${checks.ranges}`);
  return { zh: `${scan.tool.name} 的全部检测项`, en: `all checks of ${scan.tool.name}` };
}

function locusRow(locus: string, within: readonly string[] | null): CoverageRow {
  return {
    condition: { zh: '查看同一位置', en: 'Same place looked at' },
    needed: asIs(locus),
    brought:
      within === null ? { zh: '该端口的所有位置', en: 'every place at that port' } : asIs(within.join(', ')),
  };
}

/** As deeply as the finding was seen. */
function depthRows({ need }: Closure, { scan, claim, standIn }: Witness): CoverageRow[] {
  const methods = METHODS.filter((method) => (need.methods & methodBit(method)) !== 0);
  return [
    {
      condition: { zh: '方法不弱于发现时', en: 'Method at least as strong' },
      needed: joined(methods.map((method) => METHOD_LABELS[method])),
      brought: METHOD_LABELS[claim.method],
    },
    {
      condition: { zh: '权限不低于发现时', en: 'Credential at least as high' },
      needed: need.credential === CREDENTIALS[0] ? NO_DEMAND : CREDENTIAL_LABELS[need.credential],
      brought: CREDENTIAL_LABELS[claim.credential],
    },
    {
      condition: { zh: '检测库不旧于发现时', en: 'Feed not older' },
      needed: versionNeed(standIn === undefined ? need.feedKey : null),
      brought: scan.tool.feed === null ? NOT_STATED : asIs(scan.tool.feed),
    },
    {
      condition: { zh: '工具版本不旧于发现时', en: 'Tool not older' },
      needed: versionNeed(standIn === undefined ? need.versionKey : null),
      brought: asIs([scan.tool.name, scan.tool.version ?? ''].join(' ').trimEnd()),
    },
  ];
}

/** A sort key reads as the version that it was made of: "017.0293!" is 7.93. */
function versionNeed(key: string | null): Text {
  if (key === null) return NO_DEMAND;
  const parts = key.replace(/!$/, '').split(/[. ]/);
  const version = parts.map((part) => (/^\d{3,}$/.test(part) ? part.slice(2) : part)).join('.');
  return { zh: `${version} 或更新`, en: `${version} or newer` };
}

/** From where, when, and on whose word. */
function trustRows({ need }: Closure, { scan, visit }: Witness): CoverageRow[] {
  const samples = need.samples ?? 1;
  const hours = sampleHours(need);
  const each: Text = {
    zh: `，每处 ${samples} 次，前后至少 ${hours} 小时`,
    en: `, ${samples} times each, ${hours} hours or more from first to last`,
  };
  const vantages = need.vantages.join(', ');
  return [
    {
      condition: { zh: '从同一扫描位置', en: 'Same vantage' },
      needed: samples === 1 ? asIs(vantages) : { zh: vantages + each.zh, en: vantages + each.en },
      brought: asIs(scan.vantage),
    },
    {
      condition: { zh: '确是同一台机器', en: 'Same machine' },
      needed: need.strong.length === 0 ? NO_DEMAND : asIs(need.strong.join(', ')),
      brought:
        visit.strong.length === 0
          ? { zh: '无强标识', en: 'no strong identifier' }
          : asIs(visit.strong.join(', ')),
    },
    {
      condition: { zh: '晚于最近一次发现', en: 'After the last sighting' },
      needed: { zh: `晚于 ${utcTime(need.last)}`, en: `after ${utcTime(need.last)}` },
      brought: asIs(utcTime(visit.startedAt ?? '')),
    },
    {
      condition: { zh: '不是自证', en: 'Not the word of the inspected' },
      needed: { zh: '由检查方提交', en: 'submitted by the inspecting side' },
      brought: submittedText(scan),
    },
  ];
}

function submittedText({ submittedBy, declaredBy }: Witness['scan']): Text {
  const by = PARTY_LABELS[submittedBy];
  if (declaredBy === null)
    return { zh: `${by.zh}；时间出自文件`, en: `${by.en}; the time is the file's own` };
  const said = PARTY_LABELS[declaredBy];
  return { zh: `${by.zh}；时间由${said.zh}填写`, en: `${by.en}; the time declared by: ${said.en}` };
}

/** The assumptions under which a witness proves, each as its sentence; empty where the file alone says it. */
export function assumptionTexts({ claim }: Witness): Text[] {
  return claim.assumptions.map((name) => {
    const { zh, en } = assumptionText(name);
    return { zh: `${name}：${zh}`, en: `${name}: ${en}` };
  });
}

function joined(texts: readonly Text[]): Text {
  return { zh: texts.map(({ zh }) => zh).join('、'), en: texts.map(({ en }) => en).join(', ') };
}
