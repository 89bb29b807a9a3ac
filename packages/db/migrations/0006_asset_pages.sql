-- One asset and one identity task by their ids, which come alone from the screens, and lists of all organizations.
create index asset_by_id on asset (asset_id);
create index identity_task_by_id on identity_task (identity_task_id);
