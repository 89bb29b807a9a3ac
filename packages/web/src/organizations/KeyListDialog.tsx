import { KEY_LIST_PURPOSES, type KeyList } from '@backcheck/contract';
import { DatePicker, Input, Modal, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { useAccess } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { type KeyListContent, useSaveKeyList } from './use-key-lists.ts';
import './record/record.css';

interface KeyListDialogProps {
  /** null: a new one. */
  readonly list: KeyList | null;
  readonly onClose: () => void;
}

const EMPTY: KeyListContent = { name: '', purpose: 'protection' };

export function KeyListDialog({ list, onClose }: KeyListDialogProps) {
  const { t } = useTranslation();
  const save = useSaveKeyList();
  const home = useAccess().data?.home ?? undefined;
  const [owner, setOwner] = useState<string | undefined>();
  const [content, setContent] = useState<KeyListContent>(list ?? EMPTY);
  const submit = () => {
    const { name, purpose, reason, approvedBy, validFrom, validTo } = content;
    const sent = {
      name: name.trim(),
      purpose,
      reason: reason?.trim() || null,
      approvedBy: approvedBy?.trim() || null,
      validFrom: validFrom ?? null,
      validTo: validTo ?? null,
    };
    save.mutate({ of: list, organizationId: owner ?? home, content: sent }, { onSuccess: onClose });
  };
  return (
    <Modal
      open
      title={t(list === null ? 'organizations.keyLists.add' : 'organizations.keyLists.edit')}
      okText={t('organizations.record.save')}
      okButtonProps={{ disabled: content.name.trim() === '' }}
      confirmLoading={save.isPending}
      onOk={submit}
      onCancel={onClose}
    >
      <div className="record-form">
        {list === null && home === undefined ? (
          <Field
            id="key-list-owner"
            label={t('organizations.keyLists.of')}
            hint={t('organizations.keyLists.ofHint')}
          >
            <OrganizationSelect
              id="key-list-owner"
              allowClear
              placeholder={t('organizations.keyLists.everybody')}
              value={owner}
              onChange={setOwner}
            />
          </Field>
        ) : null}
        <KeyListFields
          content={content}
          onChange={(part) => setContent((before) => ({ ...before, ...part }))}
        />
      </div>
      {save.error === null ? null : <Failure error={save.error} />}
    </Modal>
  );
}

interface KeyListFieldsProps {
  readonly content: KeyListContent;
  readonly onChange: (part: Partial<KeyListContent>) => void;
}

function KeyListFields({ content, onChange }: KeyListFieldsProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const purposes = Object.entries(KEY_LIST_PURPOSES).map(([value, label]) => ({
    value,
    label: label[language],
  }));
  return (
    <>
      <Field id="key-list-name" label={t('organizations.keyLists.name')}>
        <Input
          id="key-list-name"
          maxLength={200}
          value={content.name}
          onChange={({ target }) => onChange({ name: target.value })}
        />
      </Field>
      <Field id="key-list-purpose" label={t('organizations.keyLists.purpose')}>
        <Select
          id="key-list-purpose"
          value={content.purpose}
          options={purposes}
          onChange={(purpose: string) => onChange({ purpose: purpose as KeyListContent['purpose'] })}
        />
      </Field>
      <Field id="key-list-reason" label={t('organizations.keyLists.reason')}>
        <Input
          id="key-list-reason"
          maxLength={1000}
          value={content.reason ?? ''}
          onChange={({ target }) => onChange({ reason: target.value })}
        />
      </Field>
      <Field id="key-list-approved" label={t('organizations.keyLists.approvedBy')}>
        <Input
          id="key-list-approved"
          maxLength={200}
          value={content.approvedBy ?? ''}
          onChange={({ target }) => onChange({ approvedBy: target.value })}
        />
      </Field>
      {(['validFrom', 'validTo'] as const).map((key) => {
        const day = content[key];
        return (
          <Field key={key} id={`key-list-${key}`} label={t(`organizations.keyLists.${key}`)}>
            <DatePicker
              id={`key-list-${key}`}
              placeholder=""
              value={day == null ? null : dayjs(day)}
              onChange={(picked) => onChange({ [key]: picked?.format('YYYY-MM-DD') ?? null })}
            />
          </Field>
        );
      })}
    </>
  );
}
