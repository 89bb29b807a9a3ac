import { CHINESE_GRADE_LABELS, type DatesPreview, PREVIEW_EFFECTS } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { Alert, Progress } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Moment } from '../ui/Moment.tsx';
import { lastMoment } from './last-moment.ts';

/** How many dates would move which way, and some of them. */
export function PreviewTable({ of }: { readonly of: DatesPreview }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <>
      <h3>{t('deadlines.policy.previewTitle')}</h3>
      <p className="hint">
        {t('deadlines.policy.examined', { findings: of.findings, examined: of.examined })}
      </p>
      {of.state === 'counting' ? (
        <Progress
          aria-label={t('deadlines.policy.counting')}
          percent={Math.floor((of.examined / of.findings) * 100)}
        />
      ) : null}
      {of.state === 'failed' ? (
        <Alert type="error" showIcon title={t('deadlines.policy.previewFailed')} />
      ) : null}
      {of.counts.length === 0 ? null : (
        <table className="quiet block preview-counts" aria-label={t('deadlines.policy.previewTitle')}>
          <thead>
            <tr>
              <th scope="col">{t('deadlines.policy.grade')}</th>
              {PREVIEW_EFFECTS.map((effect) => (
                <th key={effect} scope="col" className="number">
                  {t(`deadlines.policy.effects.${effect}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {of.counts.map((row) => (
              <tr key={row.grade}>
                <th scope="row">{CHINESE_GRADE_LABELS[row.grade][language]}</th>
                {PREVIEW_EFFECTS.map((effect) => (
                  <td key={effect} className={`number ${row[effect] === 0 ? 'none' : 'some'}`}>
                    {row[effect]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {of.state === 'done' ? <Examples of={of} /> : null}
    </>
  );
}

function Examples({ of: { examples } }: { readonly of: DatesPreview }) {
  const { t } = useTranslation();
  if (examples.length === 0) return <p>{t('deadlines.policy.nothing')}</p>;
  return (
    <table className="quiet stacked" aria-label={t('deadlines.policy.examples')}>
      <thead>
        <tr>
          <th scope="col">{t('deadlines.policy.examples')}</th>
          <th scope="col">{t('deadlines.policy.before')}</th>
          <th scope="col">{t('deadlines.policy.afterwards')}</th>
          <th scope="col">{t('deadlines.policy.row')}</th>
        </tr>
      </thead>
      <tbody>
        {examples.map(({ findingId, title, before, after, rule, effect }) => (
          <tr key={findingId}>
            <th scope="row">
              <Link to="/findings/$findingId" params={{ findingId }}>
                {title}
              </Link>
            </th>
            <td data-label={t('deadlines.policy.before')}>
              <Day at={before} />
            </td>
            <td data-label={t('deadlines.policy.afterwards')}>
              <Day at={after} /> <small>{t(`deadlines.policy.effects.${effect}`)}</small>
            </td>
            <td data-label={t('deadlines.policy.row')}>{rule === null ? '—' : <code>{rule}</code>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Day({ at }: { readonly at: string | null }) {
  return at === null ? '—' : <Moment at={lastMoment(at)} />;
}
