import type { RegisterFields, SentFields } from '@backcheck/contract';
import type { CellProblem, RegisterKind } from '@backcheck/core';
import { Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../../app/request.ts';
import { Failure } from '../../ui/Failure.tsx';
import { ChangedMeanwhile } from './ChangedMeanwhile.tsx';
import { inputId, RecordForm } from './RecordForm.tsx';
import { readForm, type Texts, textsOf } from './record-texts.ts';

/** A record as it was read, with what its next change must name. */
export interface VersionedRecord {
  readonly version: number;
  readonly fields: RegisterFields;
}

interface RecordDialogProps {
  readonly kind: RegisterKind;
  readonly title: string;
  /** null: a new one. */
  readonly record: VersionedRecord | null;
  readonly without?: readonly string[];
  /** What is chosen besides the fields. */
  readonly besides?: ReactNode;
  /** `version` null: a new one. */
  readonly save: (changes: SentFields, version: number | null) => Promise<unknown>;
  /** The record as it is now. */
  readonly reload?: () => Promise<VersionedRecord>;
  readonly onClose: () => void;
}

/** Fills in a new record or changes one. Only what was changed is sent. */
export function RecordDialog({
  kind,
  title,
  record,
  without = [],
  besides,
  save,
  reload,
  onClose,
}: RecordDialogProps) {
  const { t } = useTranslation();
  const [base, setBase] = useState(record);
  const [now, setNow] = useState<VersionedRecord | null>(null);
  const [texts, setTexts] = useState<Texts>(textsOf(record?.fields ?? {}));
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const { changes, problems } = readForm(kind, texts, base?.fields ?? null);

  const send = async (version: number | null) => {
    setShown(true);
    const [wrong] = problems.keys();
    if (wrong !== undefined) return document.getElementById(inputId(wrong))?.focus();
    setBusy(true);
    setError(null);
    try {
      await save(changes, version);
      onClose();
    } catch (caught) {
      const stale = caught instanceof Refusal && caught.problem.code === 'CHANGED_MEANWHILE';
      if (stale && reload !== undefined) setNow(await reload());
      else setError(caught instanceof Error ? caught : new Error(String(caught)));
    } finally {
      setBusy(false);
    }
  };
  const takeTheirs = () => {
    if (now === null) return;
    const [was, is] = [textsOf(base?.fields ?? {}), textsOf(now.fields)];
    const keys = Object.keys({ ...was, ...is }).filter((key) => was[key] !== is[key]);
    setTexts((mine) => ({ ...mine, ...Object.fromEntries(keys.map((key) => [key, is[key] ?? ''])) }));
    setBase(now);
    setNow(null);
  };

  return (
    <Modal
      open
      title={title}
      width={760}
      okText={t('organizations.record.save')}
      okButtonProps={{ disabled: now !== null }}
      confirmLoading={busy}
      onOk={() => void send(base?.version ?? null)}
      onCancel={onClose}
    >
      {besides === undefined ? null : <div className="record-form besides">{besides}</div>}
      <RecordForm
        kind={kind}
        without={without}
        texts={texts}
        problems={shown ? problems : NONE}
        onChange={(key, text) => setTexts((before) => ({ ...before, [key]: text }))}
      />
      {error === null ? null : <Failure error={error} />}
      {now === null ? null : (
        <ChangedMeanwhile
          kind={kind}
          before={base?.fields ?? {}}
          now={now.fields}
          mine={texts}
          onTakeTheirs={takeTheirs}
          onKeepMine={() => {
            const { version } = now;
            setNow(null);
            setBase((before) => (before === null ? before : { ...before, version }));
            void send(version);
          }}
        />
      )}
    </Modal>
  );
}

const NONE: ReadonlyMap<string, CellProblem> = new Map();
