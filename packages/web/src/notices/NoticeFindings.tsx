import { CHINESE_GRADE_LABELS, type NoticeFinding } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { OutcomeMark } from '../retests/OutcomeMark.tsx';
import { Due } from './Due.tsx';

/** As many rows as a person reads at once. */
const SHOWN = 50;

/** The findings as the paper names them, each with its date and the row of the policy behind it. */
export function NoticeFindings({
  findings,
  settled = [],
}: {
  readonly findings: readonly NoticeFinding[];
  /** Those that it must not demand any more. */
  readonly settled?: readonly string[];
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [all, setAll] = useState(false);
  if (findings.length === 0) return null;
  const shown = all ? findings : findings.slice(0, SHOWN);
  const ended = findings.every(({ outcome }) => outcome !== null);
  return (
    <section aria-labelledby="notice-findings">
      <h2 id="notice-findings">{t('notices.findingsOf', { count: findings.length })}</h2>
      <table className="quiet stacked notice-findings" aria-labelledby="notice-findings">
        <thead>
          <tr>
            <th scope="col">{t('notices.finding')}</th>
            <th scope="col">{t('notices.place')}</th>
            <th scope="col">{t('notices.grade')}</th>
            <th scope="col">{t(ended ? 'notices.outcome' : 'notices.due')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <Link to="/findings/$findingId" params={{ findingId: one.id }}>
                  {one.name?.[language] ?? one.title}
                </Link>
                <br />
                <small>{[...toolTitle(one), one.check, ...one.cve].join(' · ')}</small>
                {one.measure === undefined ? null : (
                  <>
                    <br />
                    <small>{t('notices.measure', { measure: one.measure[language] })}</small>
                  </>
                )}
                {settled.includes(one.id) ? (
                  <>
                    <br />
                    <strong className="overdue">{t('notices.settled.mark')}</strong>
                  </>
                ) : null}
              </th>
              <td data-label={t('notices.place')}>
                {one.asset} {one.place}
              </td>
              <td className="grade" data-label={t('notices.grade')}>
                {CHINESE_GRADE_LABELS[one.grade][language]}
              </td>
              <td data-label={t(ended ? 'notices.outcome' : 'notices.due')}>
                {one.outcome === null ? null : <OutcomeMark outcome={one.outcome} />}
                {one.outcome !== null ? null : one.dueAt === null ? '–' : <Due at={one.dueAt} />}
                {one.outcome === null && one.dueBasis !== null ? (
                  <>
                    <br />
                    <small>{one.dueBasis[language]}</small>
                  </>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < findings.length ? (
        <Button onClick={() => setAll(true)}>{t('notices.showAll', { count: findings.length })}</Button>
      ) : null}
    </section>
  );
}

/** What the tool calls it, where the product calls it otherwise. */
const toolTitle = ({ name, title }: NoticeFinding): string[] =>
  name === undefined || name.en === title ? [] : [title];
