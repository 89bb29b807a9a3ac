import {
  CHINESE_GRADE_LABELS,
  CLOCK_START_LABELS,
  type DeadlineFactsUsed,
  type DeterminedDeadline,
  FINDING_CLASS_LABELS,
  fixText,
  KEY_LIST_PURPOSES,
  type Language,
  ruleName,
} from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { age, inLanguage } from '../ui/instant.ts';
import { lastMoment } from './last-moment.ts';

/** "Because …, therefore …": the facts that the policy asked about, and the rule that they led to. */
export function DeadlineReasons({ of }: { readonly of: DeterminedDeadline }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const mayRead = useMay({ object: 'policy', action: 'read' });
  const { policy, rule } = of;
  return (
    <>
      <h3>{t('deadlines.panel.because')}</h3>
      <ul className="because">
        {factTexts(of.facts, t, language).map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      <h3>{t('deadlines.panel.therefore')}</h3>
      {policy === null || rule === null ? null : (
        <p>
          {t('deadlines.panel.rule', {
            policy: policy.title[language],
            version: policy.version,
            rule: ruleName(rule.id)[language],
            term: fixText(rule.fix)[language],
          })}{' '}
          {mayRead ? (
            <Link to="/policies/$policyId" params={{ policyId: policy.id }}>
              {t('deadlines.panel.see')}
            </Link>
          ) : null}
        </p>
      )}
      {stepTexts(of, t, language).map((step) => (
        <p key={step}>{step}</p>
      ))}
    </>
  );
}

function factTexts(facts: DeadlineFactsUsed, t: TFunction, language: Language): string[] {
  const { kev, exposed, level, keyLists } = facts;
  const purposes: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = KEY_LIST_PURPOSES;
  const lists = keyLists.map((one) => purposes[one]?.[language] ?? one);
  const exposure = exposed === null ? 'unknownExposure' : exposed ? 'exposed' : 'notExposed';
  return [
    `${CHINESE_GRADE_LABELS[facts.grade][language]} · ${FINDING_CLASS_LABELS[facts.class][language]}`,
    ...(kev === null ? [] : [t('deadlines.panel.facts.kev', { cve: kev.cve, day: kev.addedOn })]),
    ...(kev === null && facts.cve.length > 0 ? [t('deadlines.panel.facts.notKev')] : []),
    t(`deadlines.panel.facts.${exposure}`),
    ...(level === null ? [] : [t('deadlines.panel.facts.level', { level })]),
    ...(facts.criticalInfrastructure ? [t('deadlines.panel.facts.cii')] : []),
    ...(lists.length === 0
      ? []
      : [t('deadlines.panel.facts.keyList', { lists: lists.join(language === 'zh' ? '、' : ', ') })]),
    ...(facts.fixAvailable === false ? [t('deadlines.panel.facts.noFix')] : []),
  ];
}

/** What happened to the clock, in the order of time. */
function stepTexts(of: DeterminedDeadline, t: TFunction, language: Language): string[] {
  const { clockStart, clockBasis, pausedSeconds, counted, extendedTo, informative, calendarEnds } = of;
  const basis = CLOCK_START_LABELS[clockBasis][language];
  const moment = (at: string) => inLanguage(at, language, 'minute');
  const paused = age(new Date(0).toISOString(), pausedSeconds * 1000, language);
  return [
    ...(clockStart === null ? [] : [t('deadlines.panel.clock', { basis, at: moment(clockStart) })]),
    ...(pausedSeconds === 0 ? [] : [t('deadlines.panel.pausedFor', { time: paused })]),
    ...counted.map(({ from, until, why }) =>
      t(`deadlines.panel.counted.${why}`, {
        from: moment(from),
        until: until === null ? t('deadlines.panel.now') : moment(until),
      }),
    ),
    ...(extendedTo === null ? [] : [t('deadlines.panel.extended', { at: moment(lastMoment(extendedTo)) })]),
    ...(informative ? [t('deadlines.panel.informative')] : []),
    ...(calendarEnds === null ? [] : [t('deadlines.panel.calendarEnds', { day: calendarEnds })]),
  ];
}
