import {
  type LookBackDetail,
  type LookBackReport,
  type LookBackStratum,
  SEVERITY_LABELS,
} from '@backcheck/contract';
import { SEVERITIES } from '@backcheck/core';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { IntervalBar } from './IntervalBar.tsx';
import { shareText } from './share.ts';

interface ReportProps {
  readonly report: LookBackReport;
  readonly lookBack: Pick<LookBackDetail, 'strata' | 'strataCounts'>;
}

/** Which share came back, how sure that is, and out of how many. */
export function Report({ report, lookBack }: ReportProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { regressionRate: rate, low, high, worstCase } = report;
  return (
    <section className="block" aria-labelledby="report-title">
      <h2 id="report-title">{t('lookBacks.report.title')}</h2>
      <div className="look-back-report panel" role="status">
        {rate === null || low === null || high === null ? (
          <p>{t(report.waiting > 0 ? 'lookBacks.report.notYet' : 'lookBacks.report.unknown')}</p>
        ) : (
          <>
            <p className="rate">
              <strong>{shareText(rate, language)}</strong> {t('lookBacks.report.cameBack')}
            </p>
            <IntervalBar rate={rate} low={low} high={high} />
            <p>
              {t('lookBacks.report.interval', {
                low: shareText(low, language),
                high: shareText(high, language),
              })}
            </p>
          </>
        )}
        {worstCase === null || report.inconclusive === 0 ? null : (
          <p className="hint">{t('lookBacks.report.worstCase', { share: shareText(worstCase, language) })}</p>
        )}
        <Counts of={report} />
      </div>
      {lookBack.strata === 'none' ? null : <StrataTable of={lookBack} />}
    </section>
  );
}

const COUNTS = ['regressed', 'proven', 'inconclusive', 'waiting'] as const;

function Counts({ of: report }: { readonly of: LookBackReport }) {
  const { t } = useTranslation();
  return (
    <dl className="look-back-counts">
      <div>
        <dt>{t('lookBacks.report.drawn')}</dt>
        <dd>{t('lookBacks.ofPopulation', { drawn: report.drawn, population: report.population })}</dd>
      </div>
      {COUNTS.map((key) => (
        <div key={key}>
          <dt>{t(`lookBacks.report.${key}`)}</dt>
          <dd>{report[key]}</dd>
        </div>
      ))}
    </dl>
  );
}

const SHOWN = 20;

function StrataTable({ of: { strata, strataCounts } }: { readonly of: ReportProps['lookBack'] }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const sorted = strataCounts.toSorted(strata === 'severity' ? worstFirst : mostReturnedFirst);
  const shown = all ? sorted : sorted.slice(0, SHOWN);
  const columns = ['population', 'drawn', 'regressed', 'proven', 'inconclusive'] as const;
  return (
    <>
      <table className="quiet stacked" aria-label={t('lookBacks.report.strata')}>
        <thead>
          <tr>
            <th scope="col">{t(`lookBacks.strataKinds.${strata}`)}</th>
            {columns.map((key) => (
              <th key={key} scope="col" className="number">
                {t(`lookBacks.report.${key}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <tr key={one.stratum}>
              <th scope="row">
                <StratumName of={one} />
              </th>
              {columns.map((key) => (
                <td key={key} className="number" data-label={t(`lookBacks.report.${key}`)}>
                  {one[key]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length === sorted.length ? null : (
        <Button className="more" onClick={() => setAll(true)}>
          {t('lookBacks.report.allStrata', { count: sorted.length })}
        </Button>
      )}
    </>
  );
}

const SEVERITY_NAMES: readonly string[] = SEVERITIES;
const severityRank = ({ stratum }: LookBackStratum): number => SEVERITY_NAMES.indexOf(stratum);
const worstFirst = (a: LookBackStratum, b: LookBackStratum): number => severityRank(b) - severityRank(a);
const mostReturnedFirst = (a: LookBackStratum, b: LookBackStratum): number =>
  b.regressed - a.regressed || b.drawn - a.drawn;

function StratumName({ of: { stratum, organization } }: { readonly of: LookBackStratum }) {
  const language = useLanguage();
  if (organization !== null) return <OrganizationName of={organization} />;
  const severity = SEVERITIES.find((one) => one === stratum);
  return <>{severity === undefined ? stratum : SEVERITY_LABELS[severity][language]}</>;
}
