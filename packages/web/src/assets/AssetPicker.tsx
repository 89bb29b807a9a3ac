import type { Asset } from '@backcheck/contract';
import { Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../ui/Field.tsx';
import { AssetName } from './AssetName.tsx';
import { useOtherAssets } from './use-assets.ts';

interface AssetPickerProps {
  /** The one that the other is looked for. */
  readonly asset: Asset;
  readonly onPick: (other: Asset) => void;
}

export function AssetPicker({ asset, onPick }: AssetPickerProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const { data = [], isFetching } = useOtherAssets(asset, useDeferredValue(text.trim()));
  return (
    <Field id="merge-other" label={t('assets.dialog.other')}>
      <Select
        id="merge-other"
        showSearch={{ filterOption: false, onSearch: setText }}
        loading={isFetching}
        placeholder={t('assets.dialog.otherPlaceholder')}
        notFoundContent={isFetching ? null : t('assets.dialog.otherNone')}
        options={data.map((one) => ({ value: one.id, label: <AssetName identity={one.identity} /> }))}
        onChange={(id: string) => {
          const other = data.find((one) => one.id === id);
          if (other !== undefined) onPick(other);
        }}
      />
    </Field>
  );
}
