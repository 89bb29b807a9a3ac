import type { RegisterImport } from '@backcheck/contract';
import { CATALOGUE } from '@backcheck/core';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { When } from '../ui/When.tsx';
import { StepTitle } from './StepTitle.tsx';
import { sentences } from './sentences.ts';
import { UndoDialog } from './UndoDialog.tsx';

/** What was written, where to see it, and the way back. */
export function Applied({ of }: { readonly of: RegisterImport }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { counts, skip, appliedAt } = of;
  const [undoing, setUndoing] = useState(false);
  const left = skip.reduce((sum, outcome) => sum + counts[outcome], 0);
  return (
    <section className="panel" aria-labelledby="step-title">
      <StepTitle>{t('registers.result.title')}</StepTitle>
      <p className="will-do">
        {sentences(
          language,
          t('registers.result.done', {
            added: counts.new.toLocaleString(language),
            changed: counts.changed.toLocaleString(language),
          }),
          left === 0 ? null : t('registers.result.skipped', { count: left }),
        )}
      </p>
      {appliedAt === null ? null : (
        <p className="hint">
          {t('registers.result.appliedAt')} <When at={appliedAt} />
        </p>
      )}
      <Blockers of={of} />
      <div className="actions">
        <SeeRecords of={of} />
        <Link className="button-link" to="/registers/import">
          {t('registers.result.another')}
        </Link>
        <Button danger onClick={() => setUndoing(true)}>
          {t('registers.undo.button')}
        </Button>
      </div>
      <UndoDialog of={of} open={undoing} onClose={() => setUndoing(false)} />
    </section>
  );
}

function SeeRecords({ of }: { readonly of: RegisterImport }) {
  const { t } = useTranslation();
  const kinds = of.sheets.map(({ kind }) => kind);
  return (
    <>
      {kinds.every((kind) => kind === null || kind === 'asset') ? null : (
        <Link className="button-link" to="/organizations">
          {t('registers.result.seeOrganizations')}
        </Link>
      )}
      {kinds.includes('asset') ? (
        <Link className="button-link" to="/assets">
          {t('registers.result.seeAssets')}
        </Link>
      ) : null}
    </>
  );
}

/** The server lists no more. */
const MOST_BLOCKERS = 100;

function Blockers({ of: { blockers } }: { readonly of: RegisterImport }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (blockers.length === 0) return null;
  return (
    <section className="blockers" aria-labelledby="blockers-title">
      <h3 id="blockers-title">{t('registers.undo.inTheWay')}</h3>
      <p>
        {sentences(
          language,
          t('registers.undo.inTheWayHint'),
          blockers.length < MOST_BLOCKERS ? null : t('registers.undo.first', { count: MOST_BLOCKERS }),
        )}
      </p>
      <ul>
        {blockers.map(({ kind, key, why }) => (
          <li key={`${kind} ${key}`}>
            {CATALOGUE[kind].label[language]} <strong>{key}</strong> · {t(`registers.undo.why.${why}`)}
          </li>
        ))}
      </ul>
    </section>
  );
}
