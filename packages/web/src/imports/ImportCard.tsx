import { IMPORT_STATE_LABELS, type Import } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { Alert, Progress } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { ImportHead } from './ImportHead.tsx';
import { ReadyImport } from './ReadyImport.tsx';
import { RefusedImport } from './RefusedImport.tsx';
import { Sheet } from './Sheet.tsx';
import type { Origin } from './upload.ts';
import { MOVING, useDecideImport, useImport } from './use-imports.ts';

interface ImportCardProps {
  readonly id: string;
  /** Takes the card off the screen; null where the list decides. */
  readonly onForget: (() => void) | null;
  /** Sends the same file again; null when this browser no longer holds it. */
  readonly onAgain: ((origin: Origin) => void) | null;
}

/** One import from the last byte of its upload to its end. */
export function ImportCard({ id, onForget, onAgain }: ImportCardProps) {
  const { data, error, refetch } = useImport(id);
  // Here and not where the buttons are: those are gone when the answer comes, and what follows with them.
  const decision = useDecideImport(id);
  if (error !== null) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined || data.state === 'discarded') return null;
  const drop = (then: () => void) => decision.mutate('discard', { onSuccess: then });
  return (
    <article className="card" aria-label={data.fileName} data-state={data.state}>
      <ImportHead of={data} />
      {data.state === 'refused' ? <RefusedImport problem={data.problem} onForget={onForget} /> : null}
      {data.state === 'ready' ? (
        <ReadyImport
          of={data}
          error={decision.error}
          busy={decision.isPending}
          onConfirm={() => decision.mutate('confirm')}
          onDiscard={() => drop(() => onForget?.())}
          onAgain={onAgain === null ? null : (origin) => drop(() => onAgain(origin))}
        />
      ) : null}
      {data.state === 'done' ? <DoneImport of={data} /> : null}
      {MOVING.has(data.state) ? <Working of={data} /> : null}
    </article>
  );
}

function Working({ of }: { readonly of: Import }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { bytesRead, bytesTotal, observations } = of.progress;
  const percent = bytesTotal === 0 ? 0 : Math.floor((bytesRead / bytesTotal) * 100);
  return (
    <>
      <p>
        {IMPORT_STATE_LABELS[of.state][language]} · {t('progress.observations', { count: observations })}
      </p>
      <Progress percent={percent} status="active" aria-label={IMPORT_STATE_LABELS[of.state][language]} />
    </>
  );
}

function DoneImport({ of }: { readonly of: Import }) {
  const { t } = useTranslation();
  return (
    <>
      {of.alreadyImported ? <Alert type="info" showIcon title={t('sheet.alreadyImported')} /> : null}
      {of.sheet === null ? null : <Sheet sheet={of.sheet} done />}
      <div className="actions">
        <Link
          className="button-link"
          to="/findings"
          search={{ organizationId: of.organizationId, sort: 'lastChange' }}
        >
          {t('sheet.seeFindings')}
        </Link>
      </div>
    </>
  );
}
