import { type Asset, steadierAsset } from '@backcheck/contract';
import { Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AssetName } from './AssetName.tsx';
import { AssetPicker } from './AssetPicker.tsx';
import { DecisionDialog } from './DecisionDialog.tsx';
import { MomentField } from './MomentField.tsx';
import { shortName } from './short-name.ts';
import { useMergeAssets } from './use-assets.ts';
import { useAnswer } from './use-questions.ts';

interface MergeDialogProps {
  readonly asset: Asset;
  /** Null: to be picked in the dialog. */
  readonly other: Asset | null;
  /** The question that the merge answers; null where none was asked. */
  readonly taskId: string | null;
  /** With the id of the asset that stays, when they were merged. */
  readonly onClose: (stays: string | null) => void;
}

export function MergeDialog({ asset, other, taskId, onClose }: MergeDialogProps) {
  const { t } = useTranslation();
  const merge = useMergeAssets();
  const answer = useAnswer();
  const [picked, setPicked] = useState(other);
  const [wanted, setWanted] = useState<string | null>(null);
  const [time, setTime] = useState<Time>(ALWAYS);
  const stays = picked === null ? null : staying([asset, picked], wanted);
  const goes = stays === asset ? picked : asset;
  const changed = merge.data ?? answer.data?.changed ?? null;

  const decide = (note: string) => {
    if (stays === null || goes === null) return;
    const body = { into: stays.id, note, ...limitsOf(time) };
    if (taskId === null) merge.mutate({ id: goes.id, body });
    else answer.mutate({ id: taskId, body: { outcome: 'merge', ...body } });
  };

  return (
    <DecisionDialog
      title={t('assets.questions.same')}
      action={t('assets.questions.same')}
      ready={stays !== null}
      happens={useConsequences(goes, stays, time)}
      busy={merge.isPending || answer.isPending}
      error={merge.error ?? answer.error}
      changed={changed}
      onDecide={decide}
      onClose={() => onClose(changed === null ? null : (stays?.id ?? null))}
    >
      {other === null ? <AssetPicker asset={asset} onPick={setPicked} /> : null}
      {picked === null ? null : (
        <fieldset>
          <legend>{t('assets.dialog.stays')}</legend>
          <Radio.Group
            vertical
            value={stays?.id ?? null}
            options={[asset, picked].map((one) => ({
              value: one.id,
              label: <AssetName identity={one.identity} />,
            }))}
            onChange={({ target }) => setWanted(target.value)}
          />
        </fieldset>
      )}
      <TimeFields time={time} onChange={(change) => setTime((before) => ({ ...before, ...change }))} />
    </DecisionDialog>
  );
}

interface Time {
  readonly whole: boolean;
  readonly from: string | null;
  readonly until: string | null;
}

const ALWAYS: Time = { whole: true, from: null, until: null };

const staying = ([asset, other]: readonly [Asset, Asset], wanted: string | null): Asset =>
  [asset, other].find(({ id }) => id === wanted) ?? steadierAsset(asset, other);

const limitsOf = ({ whole, from, until }: Time): { from?: string; until?: string } => ({
  ...(whole || from === null ? {} : { from }),
  ...(whole || until === null ? {} : { until }),
});

function useConsequences(goes: Asset | null, stays: Asset | null, { whole }: Time): string[] {
  const { t } = useTranslation();
  const rest = [t('assets.dialog.findingsFollow'), t('assets.dialog.papers'), t('assets.dialog.undo')];
  if (goes === null || stays === null) return rest;
  const names = { from: shortName(goes.identity), into: shortName(stays.identity) };
  return [t(whole ? 'assets.dialog.mergeMoves' : 'assets.dialog.mergePart', names), ...rest];
}

interface TimeFieldsProps {
  readonly time: Time;
  readonly onChange: (change: Partial<Time>) => void;
}

function TimeFields({ time, onChange }: TimeFieldsProps) {
  const { t } = useTranslation();
  return (
    <fieldset>
      <legend>{t('assets.dialog.time')}</legend>
      <Radio.Group
        value={time.whole}
        options={[
          { value: true, label: t('assets.dialog.always') },
          { value: false, label: t('assets.dialog.part') },
        ]}
        onChange={({ target }) => onChange({ whole: target.value })}
      />
      {time.whole ? null : (
        <div className="moments">
          <MomentField
            id="merge-from"
            label={t('assets.dialog.from')}
            hint={t('assets.dialog.openEnd')}
            value={time.from}
            onChange={(from) => onChange({ from })}
          />
          <MomentField
            id="merge-until"
            label={t('assets.dialog.until')}
            hint={t('assets.dialog.openEnd')}
            value={time.until}
            onChange={(until) => onChange({ until })}
          />
        </div>
      )}
    </fieldset>
  );
}
