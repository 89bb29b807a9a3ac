import {
  RETENTION_LABELS,
  RETENTION_STARTS,
  type RetentionPreview,
  type RetentionRule,
} from '@backcheck/contract';
import { Button, Checkbox, InputNumber, Modal, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../app/request.ts';
import { useMay } from '../app/use-access.ts';
import { RuleFrame } from '../deadlines/RuleFrame.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Failure } from '../ui/Failure.tsx';
import { fileSize } from '../ui/file-size.ts';
import { Moment } from '../ui/Moment.tsx';
import { useTitle } from '../ui/use-title.ts';
import {
  type Days,
  daysOf,
  useRetentionPreview,
  useRetentionRules,
  useSetRetentionRules,
} from './use-retention.ts';
import './evidence.css';

/** How long files of each kind are kept, and what the days as they stand on the screen would let go. */
export function RetentionScreen() {
  const { t } = useTranslation();
  useTitle(t('evidence.retention.title'));
  const rules = useRetentionRules();
  const isNarrow = rules.error instanceof Refusal && rules.error.problem.code === 'FORBIDDEN';
  return (
    <RuleFrame title={t('evidence.retention.title')}>
      <p className="lead">{t('evidence.retention.lead')}</p>
      {rules.isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {isNarrow ? (
        <EmptyState title={t('evidence.retention.title')} hint={t('evidence.retention.whole')} />
      ) : rules.error === null ? null : (
        <Failure error={rules.error} retry={() => void rules.refetch()} />
      )}
      {rules.data === undefined ? null : <Rules rules={rules.data.items} />}
    </RuleFrame>
  );
}

function Rules({ rules }: { readonly rules: readonly RetentionRule[] }) {
  const { t } = useTranslation();
  const mayChange = useMay({ object: 'settings', action: 'update' });
  const saved = daysOf(rules);
  const [days, setDays] = useState<Days>(saved);
  const preview = useRetentionPreview(days);
  const changed = rules.filter(({ kind }) => days[kind] !== saved[kind]);
  return (
    <>
      <p className="hint">{t('evidence.retention.trial')}</p>
      <div className="table-scroll">
        <table className="quiet stacked retention-table" aria-label={t('evidence.retention.title')}>
          <thead>
            <tr>
              <th scope="col">{t('evidence.retention.kind')}</th>
              <th scope="col">{t('evidence.retention.days')}</th>
              {(['goes', 'held', 'kept'] as const).map((column) => (
                <th key={column} scope="col" className="number">
                  {t(`evidence.retention.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <RuleRow
                key={rule.kind}
                rule={rule}
                days={days[rule.kind] ?? null}
                counts={preview.data?.items.find(({ kind }) => kind === rule.kind)}
                onChange={
                  mayChange ? (value) => setDays((before) => ({ ...before, [rule.kind]: value })) : null
                }
              />
            ))}
          </tbody>
        </table>
      </div>
      {preview.error === null ? null : <Failure error={preview.error} retry={() => void preview.refetch()} />}
      {mayChange ? (
        <SaveRules
          changed={changed.map(({ kind }) => ({ kind, days: days[kind] ?? null }))}
          preview={preview.isPlaceholderData ? undefined : preview.data}
          onReset={() => setDays(saved)}
        />
      ) : null}
    </>
  );
}

interface RuleRowProps {
  readonly rule: RetentionRule;
  readonly days: number | null;
  readonly counts: RetentionPreview['items'][number] | undefined;
  /** Null: they are only to be read. */
  readonly onChange: ((days: number | null) => void) | null;
}

function RuleRow({ rule: { kind, setBy, setAt }, days, counts, onChange }: RuleRowProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const label = RETENTION_LABELS[kind][language];
  return (
    <tr>
      <th scope="row">
        {label}
        <p className="hint">
          {t('evidence.retention.from')}
          {language === 'zh' ? '：' : ': '}
          {RETENTION_STARTS[kind][language]}
        </p>
      </th>
      <td data-label={t('evidence.retention.days')}>
        <div className="retention-days">
          <InputNumber
            aria-label={t('evidence.retention.daysOf', { kind: label })}
            min={0}
            max={36_500}
            precision={0}
            disabled={days === null || onChange === null}
            value={days}
            onChange={(value) => onChange?.(value ?? 0)}
          />
          <Checkbox
            aria-label={t('evidence.retention.forGoodOf', { kind: label })}
            checked={days === null}
            disabled={onChange === null}
            onChange={({ target }) => onChange?.(target.checked ? null : 3650)}
          >
            {t('evidence.retention.forGood')}
          </Checkbox>
          <small className="hint">
            {setAt === null || setBy === null ? (
              t('evidence.retention.standard')
            ) : (
              <>
                {t('evidence.retention.setBy', { name: setBy.name })} <Moment at={setAt} to="day" />
              </>
            )}
          </small>
        </div>
      </td>
      {(['goes', 'held', 'kept'] as const).map((column) => (
        <td key={column} className="number" data-label={t(`evidence.retention.${column}`)}>
          <Count of={counts?.[column]} warns={column === 'goes'} />
        </td>
      ))}
    </tr>
  );
}

function Count({
  of,
  warns,
}: {
  readonly of: { readonly files: number; readonly bytes: number } | undefined;
  readonly warns: boolean;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (of === undefined) return '…';
  if (of.files === 0) return '0';
  return (
    <>
      <span className={warns ? 'retention-goes' : undefined}>
        {t('evidence.retention.files', { count: of.files })}
      </span>
      <br />
      <small className="hint">{fileSize(of.bytes, language)}</small>
    </>
  );
}

interface SaveRulesProps {
  readonly changed: readonly Pick<RetentionRule, 'kind' | 'days'>[];
  /** Of the days on the screen; undefined as long as it is not known. */
  readonly preview: RetentionPreview | undefined;
  readonly onReset: () => void;
}

/** Whoever saves what lets files go has seen how many. */
function SaveRules({ changed, preview, onReset }: SaveRulesProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const save = useSetRetentionRules();
  const [asks, setAsks] = useState(false);
  const goes = preview?.items.map((one) => one.goes) ?? [];
  const files = goes.reduce((sum, one) => sum + one.files, 0);
  const bytes = goes.reduce((sum, one) => sum + one.bytes, 0);
  const store = () => save.mutate(changed, { onSettled: () => setAsks(false) });
  return (
    <>
      {save.error === null ? null : <Failure error={save.error} />}
      <div className="actions">
        <Button
          type="primary"
          disabled={changed.length === 0 || preview === undefined}
          loading={save.isPending}
          onClick={() => (files > 0 ? setAsks(true) : store())}
        >
          {t('evidence.retention.save')}
        </Button>
        <Button disabled={changed.length === 0} onClick={onReset}>
          {t('evidence.retention.reset')}
        </Button>
      </div>
      <p role="status">{save.isSuccess && changed.length === 0 ? t('evidence.retention.saved') : null}</p>
      {asks ? (
        <Modal
          open
          title={t('evidence.retention.confirm')}
          okText={t('evidence.retention.confirmOk')}
          okButtonProps={{ danger: true }}
          confirmLoading={save.isPending}
          onOk={store}
          onCancel={() => setAsks(false)}
        >
          <p>{t('evidence.retention.confirmText', { count: files, size: fileSize(bytes, language) })}</p>
        </Modal>
      ) : null}
    </>
  );
}
