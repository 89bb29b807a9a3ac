import type { AssetPage } from '@backcheck/contract';
import { Radio, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../ui/Field.tsx';
import { DecisionDialog } from './DecisionDialog.tsx';
import { MomentField } from './MomentField.tsx';
import { shortName } from './short-name.ts';
import { useSplitAsset } from './use-assets.ts';
import { type WayToSplit, waysToSplit } from './ways-to-split.ts';

interface SplitDialogProps {
  readonly page: Pick<AssetPage, 'asset' | 'links'>;
  /** What the other machine showed, where a question brought the person here. */
  readonly shown?: string;
  readonly onClose: () => void;
}

/** Takes scans away from an asset: back to the name that they give, or to another machine at the same name. */
export function SplitDialog({ page, shown, onClose }: SplitDialogProps) {
  const { t } = useTranslation();
  const split = useSplitAsset(page.asset.id);
  const ways = waysToSplit(page);
  const [chosen, setChosen] = useState<number>(
    shown === undefined
      ? 0
      : Math.max(
          0,
          ways.findIndex(({ kind }) => kind === 'own'),
        ),
  );
  const way = ways[chosen];
  const [name, setName] = useState<string | null>(shown ?? null);
  const [moment, setMoment] = useState<string | null | undefined>(undefined);
  const as = way?.kind === 'own' ? (nameFor(way, name) ?? null) : null;
  const at = moment === undefined ? startOf(way, as) : moment;

  const decide = (note: string) => {
    if (way === undefined) return;
    const parts = { ...(at === null ? {} : { at }), ...(as === null ? {} : { as }) };
    split.mutate({ identity: way.identity, note, ...parts });
  };

  return (
    <DecisionDialog
      title={t('assets.dialog.splitTitle', { name: shortName(page.asset.identity) })}
      action={t('assets.split')}
      ready={way !== undefined && (way.kind === 'linked' || as !== null)}
      happens={[
        t('assets.dialog.splitMoves', { name: shortName(as ?? way?.identity ?? page.asset.identity) }),
        t('assets.dialog.findingsFollow'),
        t('assets.dialog.papers'),
        t('assets.dialog.undoSplit'),
      ]}
      busy={split.isPending}
      error={split.error}
      changed={split.data ?? null}
      onDecide={decide}
      onClose={onClose}
    >
      <fieldset>
        <legend>{t('assets.dialog.what')}</legend>
        <Radio.Group
          vertical
          value={chosen}
          options={ways.map(({ kind, identity }, index) => ({
            value: index,
            label: t(`assets.dialog.${kind}`, { name: shortName(identity) }),
          }))}
          onChange={({ target }) => {
            setChosen(target.value);
            setMoment(undefined);
          }}
        />
      </fieldset>
      {way?.kind === 'own' ? (
        <Field id="split-name" label={t('assets.dialog.newName')}>
          <Select
            id="split-name"
            value={as}
            options={way.newNames.map(({ identity }) => ({ value: identity, label: shortName(identity) }))}
            onChange={(identity: string) => {
              setName(identity);
              setMoment(undefined);
            }}
          />
        </Field>
      ) : null}
      <MomentField
        id="split-at"
        label={t('assets.dialog.at')}
        hint={t('assets.dialog.atHint')}
        value={at}
        onChange={setMoment}
      />
    </DecisionDialog>
  );
}

/** The name that was picked, else the one that was seen last of all for the first time. */
function nameFor({ newNames }: Extract<WayToSplit, { kind: 'own' }>, name: string | null) {
  if (name !== null && newNames.some(({ identity }) => identity === name)) return name;
  return newNames.toSorted((a, b) => b.firstSeen.localeCompare(a.firstSeen))[0]?.identity;
}

/** A whole link, or from when the other machine showed itself. */
function startOf(way: WayToSplit | undefined, as: string | null): string | null {
  if (way === undefined) return null;
  if (way.kind === 'linked') return way.from;
  return way.newNames.find(({ identity }) => identity === as)?.firstSeen ?? null;
}
