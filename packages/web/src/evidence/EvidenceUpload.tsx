import { type Upload, UploadLimits } from '@backcheck/contract';
import { useQuery } from '@tanstack/react-query';
import { Button, Progress } from 'antd';
import { type DragEvent, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, isSignedOut, Refusal } from '../app/request.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { fileSize, sizeLimit } from '../ui/file-size.ts';
import { ArrivedDifferent, Infected } from './send-evidence.ts';
import { type Evidence, type EvidenceFile, type Step, useEvidence } from './use-evidence.ts';
import './evidence.css';

interface EvidenceUploadProps {
  /** Gets each file once it has arrived and may be named in a claim or a reply. */
  readonly onDone: (file: Upload) => void;
  /** Gets the id of one that had arrived and is taken back. Without it none can be. */
  readonly onRemoved?: (id: string) => void;
  readonly label?: string;
  readonly hint?: string;
}

/** Files that are sent at once, with how far each is; the line may break, it goes on by itself. */
export function EvidenceUpload({ onDone, onRemoved, ...labels }: EvidenceUploadProps) {
  const evidence = useEvidence({
    onDone: ({ upload }) => onDone(upload),
    ...(onRemoved === undefined ? {} : { onRemoved }),
  });
  return <EvidenceFiles evidence={evidence} keepsDone={onRemoved === undefined} {...labels} />;
}

interface EvidenceFilesProps extends Pick<EvidenceUploadProps, 'label' | 'hint'> {
  readonly evidence: Evidence;
  /** What has arrived was passed on already and cannot be taken back here. */
  readonly keepsDone?: boolean;
}

export function EvidenceFiles({ evidence, keepsDone = false, label, hint }: EvidenceFilesProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const limits = useQuery({
    queryKey: ['upload-limits'],
    queryFn: ({ signal }) => get(UploadLimits, '/upload-limits', signal),
    staleTime: 600_000,
  }).data;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    evidence.add([...event.dataTransfer.files]);
  };
  return (
    <section
      className={isOver ? 'evidence evidence-over' : 'evidence'}
      aria-label={t('evidence.area')}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <label htmlFor={id}>{label ?? t('evidence.files')}</label>
      <Button className="evidence-choose" onClick={() => input.current?.click()}>
        {t('evidence.choose')}
      </Button>
      <input
        id={id}
        ref={input}
        // Browsers write its button in their own language.
        className="only-spoken"
        tabIndex={-1}
        type="file"
        multiple
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => {
          evidence.add([...(target.files ?? [])]);
          // The same file can be chosen again after it was taken back.
          target.value = '';
        }}
      />
      <p id={`${id}-hint`} className="hint">
        {hint === undefined ? null : `${hint} `}
        {t('evidence.drop')}{' '}
        {limits === undefined ? null : t('evidence.limit', { size: sizeLimit(limits.mostBytes, language) })}{' '}
        {limits?.scans === true ? t('evidence.scans') : null}
      </p>
      {evidence.files.length === 0 ? null : (
        <ul className="evidence-files">
          {evidence.files.map((one) => (
            <EvidenceRow key={one.key} of={one} evidence={evidence} keepsDone={keepsDone} />
          ))}
        </ul>
      )}
    </section>
  );
}

interface EvidenceRowProps {
  readonly of: EvidenceFile;
  readonly evidence: Evidence;
  readonly keepsDone: boolean;
}

function EvidenceRow({ of: { key, file, step }, evidence, keepsDone }: EvidenceRowProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const isOnItsWay = step.is === 'sending' || step.is === 'lost';
  return (
    <li className={`evidence-${step.is}`}>
      <div className="evidence-name">
        <strong>{file.name}</strong> <small>{fileSize(file.size, language)}</small>
      </div>
      <div className="evidence-actions">
        {step.is === 'failed' && !(step.error instanceof Infected) ? (
          <Button size="small" onClick={() => evidence.again(key)}>
            {t('evidence.again')}
          </Button>
        ) : null}
        {step.is === 'done' && keepsDone ? null : (
          <Button
            size="small"
            type="text"
            aria-label={t('evidence.removeOne', { name: file.name })}
            onClick={() => evidence.remove(key)}
          >
            {t('evidence.remove')}
          </Button>
        )}
      </div>
      {isOnItsWay ? (
        <Progress
          percent={Math.floor(step.share * 100)}
          size="small"
          status={step.is === 'lost' ? 'exception' : 'active'}
          aria-label={t('evidence.progress', { name: file.name })}
        />
      ) : null}
      <p role="status" className="evidence-step">
        <StepText step={step} />
      </p>
    </li>
  );
}

function StepText({ step }: { readonly step: Step }) {
  const { t } = useTranslation();
  const language = useLanguage();
  switch (step.is) {
    case 'sending':
      if (step.share >= 1) return t('evidence.checking');
      return step.from == null
        ? t('evidence.sending')
        : t('evidence.resumed', { percent: Math.floor(step.from * 100) });
    case 'lost':
      return t('evidence.lost');
    case 'scanning':
      return t(step.why === null ? 'evidence.scanning' : 'evidence.scannerAway');
    case 'done':
      return (
        <>
          {t(step.compared ? 'evidence.same' : 'evidence.arrived')}{' '}
          <code title={step.upload.sha256 ?? ''}>SHA-256 {step.upload.sha256?.slice(0, 16)}…</code>
        </>
      );
    case 'failed':
      if (step.error instanceof Infected) return t('evidence.infected', { found: step.error.found });
      if (step.error instanceof ArrivedDifferent) return t('evidence.different');
      if (isSignedOut(step.error)) return t('failure.signedOut.detail');
      if (step.error instanceof Refusal) return step.error.problem.texts.detail[language];
      return t('evidence.failed');
  }
}
