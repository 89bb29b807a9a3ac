import { IDENTIFIER_LABELS, type IdentityTask } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { When } from '../ui/When.tsx';
import { AssetName } from './AssetName.tsx';
import { Comparison } from './Comparison.tsx';
import { Day } from './Day.tsx';
import { DifferentDialog } from './DifferentDialog.tsx';
import { MergeDialog } from './MergeDialog.tsx';
import { SplitDialog } from './SplitDialog.tsx';
import { useAsset } from './use-assets.ts';

const QUESTIONS = { 'maybe-same': 'maybeSame', 'same-address': 'sameAddress' } as const;

/** One question about who is who: why it is asked, both assets side by side, and the answers. */
export function QuestionCard({ task }: { readonly task: IdentityTask }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { id, asset, other, identifier, raisedAt, resolution } = task;
  const question = other === null ? 'rekeyed' : QUESTIONS[task.kind];
  const facts = { kind: IDENTIFIER_LABELS[identifier.kind][language], value: identifier.value };
  return (
    <article className="card question" aria-labelledby={`question-${id}`} data-task={id}>
      <h2 id={`question-${id}`}>{t(`assets.questions.${question}`)}</h2>
      <p>{t(`assets.questions.${question}Why`, facts)}</p>
      <ul className="facts">
        <li>
          <OrganizationName of={asset.organization} />
        </li>
        {resolution === null ? <BothSince task={task} /> : null}
        <li>
          {t('assets.questions.asked')} <Day at={raisedAt} />
        </li>
      </ul>
      {resolution === null ? (
        <>
          <Comparison assets={other === null ? [asset] : [asset, other]} identifier={identifier} />
          <Answers task={task} />
        </>
      ) : (
        <Answered resolution={resolution} task={task} />
      )}
    </article>
  );
}

/** Since when the two share what they are asked about. */
function BothSince({ task: { asset, other, identifier } }: { readonly task: IdentityTask }) {
  const { t } = useTranslation();
  const seen = [asset, other].flatMap((one) => {
    const found = one?.identifiers.find(
      ({ kind, value }) => kind === identifier.kind && value === identifier.value,
    );
    return found === undefined ? [] : [found.firstSeen];
  });
  const latest = seen.toSorted().at(-1);
  if (other === null || latest === undefined) return null;
  return (
    <li>
      {t('assets.questions.bothSince')} <Day at={latest} />
    </li>
  );
}

function Answers({ task }: { readonly task: IdentityTask }) {
  const { t } = useTranslation();
  const [dialog, setDialog] = useState<'same' | 'different' | 'split' | null>(null);
  const { id, asset, other } = task;
  const close = () => setDialog(null);
  return (
    <div className="actions">
      {other === null ? (
        <Button type="primary" onClick={() => setDialog('split')}>
          {t('assets.questions.split')}
        </Button>
      ) : (
        <Button type="primary" onClick={() => setDialog('same')}>
          {t('assets.questions.same')}
        </Button>
      )}
      <Button onClick={() => setDialog('different')}>
        {t(other === null ? 'assets.questions.keep' : 'assets.questions.different')}
      </Button>
      {dialog === 'same' ? <MergeDialog asset={asset} other={other} taskId={id} onClose={close} /> : null}
      {dialog === 'different' ? <DifferentDialog task={task} onClose={close} /> : null}
      {dialog === 'split' ? <SplitOff task={task} onClose={close} /> : null}
    </div>
  );
}

/** The dialog needs to know which links there are. */
function SplitOff({ task, onClose }: { readonly task: IdentityTask; readonly onClose: () => void }) {
  const { data } = useAsset(task.asset.id);
  const { kind, value } = task.identifier;
  return data === undefined ? null : <SplitDialog page={data} shown={`${kind}:${value}`} onClose={onClose} />;
}

interface AnsweredProps {
  readonly task: IdentityTask;
  readonly resolution: NonNullable<IdentityTask['resolution']>;
}

function Answered({ task: { asset, other }, resolution: { outcome, at, by, note } }: AnsweredProps) {
  const { t } = useTranslation();
  return (
    <div className="answered">
      <ul className="facts">
        {[asset, other].map((one) =>
          one === null ? null : (
            <li key={one.id}>
              <Link to="/assets/$assetId" params={{ assetId: one.id }}>
                <AssetName identity={one.identity} />
              </Link>
            </li>
          ),
        )}
      </ul>
      <p>
        <strong>
          {other === null ? t('assets.questions.keep') : t(`assets.questions.answered.${outcome}`)}
        </strong>{' '}
        {t('assets.questions.answeredBy', { by })} <When at={at} />
      </p>
      <p className="hint">{note}</p>
    </div>
  );
}
