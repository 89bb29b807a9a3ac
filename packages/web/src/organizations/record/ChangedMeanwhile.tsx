import type { RegisterFields } from '@backcheck/contract';
import type { RegisterKind } from '@backcheck/core';
import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../../i18n/use-language.ts';
import { fieldsOf, shownValue, type Texts, textsOf } from './record-texts.ts';

interface ChangedMeanwhileProps {
  readonly kind: RegisterKind;
  /** What the form was filled in from, and what is there now. */
  readonly before: RegisterFields;
  readonly now: RegisterFields;
  readonly mine: Texts;
  readonly onTakeTheirs: () => void;
  readonly onKeepMine: () => void;
}

/** Somebody else saved first: what they changed, beside what stands in this form; the person decides. */
export function ChangedMeanwhile({ kind, before, now, mine, ...decide }: ChangedMeanwhileProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [was, is] = [textsOf(before), textsOf(now)];
  const changed = fieldsOf(kind).filter(({ key }) => was[key] !== is[key]);
  return (
    <Alert
      type="warning"
      showIcon
      title={t('organizations.record.changedTitle')}
      description={
        <>
          {changed.length === 0 ? <p>{t('organizations.record.changedElsewhere')}</p> : null}
          <ul className="changed-meanwhile">
            {changed.map((field) => {
              const value = now[field.key];
              const own = mine[field.key] ?? '';
              return (
                <li key={field.key}>
                  <strong>{field.label[language]}</strong>{' '}
                  {t('organizations.record.nowSays', {
                    value:
                      value === undefined
                        ? t('organizations.record.nothing')
                        : shownValue(field, value, language),
                  })}
                  {own === (was[field.key] ?? '') || own === (is[field.key] ?? '')
                    ? null
                    : ` ${t('organizations.record.youWrote', { value: own === '' ? t('organizations.record.nothing') : own })}`}
                </li>
              );
            })}
          </ul>
          <div className="actions">
            <Button onClick={decide.onKeepMine}>{t('organizations.record.keepMine')}</Button>
            <Button onClick={decide.onTakeTheirs}>{t('organizations.record.takeTheirs')}</Button>
          </div>
        </>
      }
    />
  );
}
