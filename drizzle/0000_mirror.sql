CREATE TABLE `agent` (
	`id` integer PRIMARY KEY NOT NULL,
	`agent_id` blob NOT NULL,
	`platform_agent_id` integer,
	`tenant_agent_id` integer,
	`name` text,
	`name_key` text DEFAULT '' NOT NULL,
	`seen` integer NOT NULL,
	`newest_start_ms` integer,
	`newest_event_id` blob
);
--> statement-breakpoint
CREATE UNIQUE INDEX `agent_by_id` ON `agent` (`agent_id`);--> statement-breakpoint
CREATE INDEX `agent_by_name` ON `agent` (`name_key`,`id`);--> statement-breakpoint
CREATE INDEX `agent_seen_by_name` ON `agent` (`seen`,`name_key`,`id`);--> statement-breakpoint
CREATE TABLE `agent_name` (
	`agent` integer NOT NULL,
	`name` text NOT NULL,
	`from_ms` integer NOT NULL,
	`to_ms` integer NOT NULL,
	PRIMARY KEY(`agent`, `name`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `agent_status` (
	`agent` integer PRIMARY KEY NOT NULL,
	`event` integer NOT NULL,
	`session` integer,
	`since_ms` integer NOT NULL,
	`since_event_ms` integer NOT NULL,
	`presence` integer,
	`state` integer,
	`reason` integer,
	`direction` integer,
	`allocation` integer,
	`capacity` integer,
	`inferred` integer DEFAULT 0 NOT NULL,
	`name_key` text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE INDEX `agent_status_by_since` ON `agent_status` (`since_ms`,`agent`);--> statement-breakpoint
CREATE INDEX `agent_status_by_state` ON `agent_status` (`state`,`since_ms`,`agent`);--> statement-breakpoint
CREATE INDEX `agent_status_by_name` ON `agent_status` (`name_key`,`agent`);--> statement-breakpoint
CREATE TABLE `audit` (
	`event_id` blob PRIMARY KEY NOT NULL,
	`named_by` blob NOT NULL,
	`expected_ms` integer,
	`attempts` integer NOT NULL,
	`next_attempt_ms` integer NOT NULL,
	`broken` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `capacity_text` (
	`id` integer PRIMARY KEY NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `capacity_text_body_unique` ON `capacity_text` (`body`);--> statement-breakpoint
CREATE TABLE `change_log` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`topic` integer NOT NULL,
	`kind` integer NOT NULL,
	`subject` integer NOT NULL,
	`agent` integer NOT NULL,
	`revision` integer,
	`observed_ms` integer NOT NULL,
	`before` text,
	`after` text
);
--> statement-breakpoint
CREATE INDEX `change_log_by_topic` ON `change_log` (`topic`,`seq`);--> statement-breakpoint
CREATE INDEX `change_log_by_time` ON `change_log` (`observed_ms`,`seq`);--> statement-breakpoint
CREATE TABLE `coverage` (
	`from_ms` integer PRIMARY KEY NOT NULL,
	`to_ms` integer NOT NULL,
	`level` integer NOT NULL,
	`cause` integer,
	`read_at_ms` integer,
	`reads` integer NOT NULL,
	`stage` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `event` (
	`id` integer PRIMARY KEY NOT NULL,
	`event_id` blob NOT NULL,
	`agent` integer NOT NULL,
	`session` integer,
	`start_ms` integer NOT NULL,
	`end_ms` integer,
	`end_source` integer NOT NULL,
	`reported_end_ms` integer,
	`reported_duration_ms` integer,
	`event_type` integer,
	`presence` integer,
	`state` integer,
	`allocation` integer,
	`direction` integer,
	`reason` integer,
	`capacity` integer,
	`name` integer,
	`next_event_id` blob,
	`revision` integer NOT NULL,
	`observed_ms` integer NOT NULL,
	`start_inferred` integer DEFAULT 0 NOT NULL,
	`extra` text,
	`completeness` integer NOT NULL,
	`duration_key` integer GENERATED ALWAYS AS ((coalesce(end_ms - start_ms, 9000000000000000))) VIRTUAL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `event_by_id` ON `event` (`event_id`);--> statement-breakpoint
CREATE INDEX `event_by_start` ON `event` (`start_ms`,`event_id`);--> statement-breakpoint
CREATE INDEX `event_by_agent` ON `event` (`agent`,`start_ms`,`event_id`);--> statement-breakpoint
CREATE INDEX `event_by_session` ON `event` (`session`,`start_ms`,`event_id`);--> statement-breakpoint
CREATE INDEX `event_by_duration` ON `event` (`duration_key`,`event_id`);--> statement-breakpoint
CREATE INDEX `event_by_agent_duration` ON `event` (`agent`,`duration_key`,`event_id`);--> statement-breakpoint
CREATE INDEX `event_weak_end` ON `event` (`session`,`start_ms`) WHERE end_source < 4;--> statement-breakpoint
CREATE TABLE `event_revision` (
	`event` integer NOT NULL,
	`revision` integer NOT NULL,
	`observed_ms` integer NOT NULL,
	`image` text NOT NULL,
	PRIMARY KEY(`event`, `revision`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `event_transfer` (
	`event` integer NOT NULL,
	`transfer` integer NOT NULL,
	PRIMARY KEY(`event`, `transfer`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `event_transfer_by_transfer` ON `event_transfer` (`transfer`,`event`);--> statement-breakpoint
CREATE TABLE `frame` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`observed_ms` integer NOT NULL,
	`records` integer NOT NULL,
	`change_seq` integer NOT NULL,
	`body` blob
);
--> statement-breakpoint
CREATE TABLE `meta` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `name_text` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `name_text_name_unique` ON `name_text` (`name`);--> statement-breakpoint
CREATE TABLE `poller_status` (
	`id` integer PRIMARY KEY NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `quarantine` (
	`id` integer PRIMARY KEY NOT NULL,
	`reason` text NOT NULL,
	`raw_json` text NOT NULL,
	`digest` blob NOT NULL,
	`first_seen_ms` integer NOT NULL,
	`last_seen_ms` integer NOT NULL,
	`count` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `quarantine_by_digest` ON `quarantine` (`digest`);--> statement-breakpoint
CREATE TABLE `reason` (
	`id` integer PRIMARY KEY NOT NULL,
	`reason_id` text NOT NULL,
	`name` text NOT NULL,
	`reason_list_id` text NOT NULL,
	`list_name` text NOT NULL,
	`first_seen_ms` integer NOT NULL,
	`last_seen_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `reason_by_all` ON `reason` (`reason_id`,`name`,`reason_list_id`,`list_name`);--> statement-breakpoint
CREATE TABLE `session` (
	`id` integer PRIMARY KEY NOT NULL,
	`session_id` blob NOT NULL,
	`agent` integer NOT NULL,
	`login_ms` integer,
	`began_ms` integer NOT NULL,
	`end_ms` integer,
	`end_source` integer DEFAULT 0 NOT NULL,
	`last_event` integer,
	`end_check_ms` integer,
	`duration_key` integer GENERATED ALWAYS AS ((coalesce(end_ms - began_ms, 9000000000000000))) VIRTUAL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `session_by_id` ON `session` (`session_id`);--> statement-breakpoint
CREATE INDEX `session_by_began` ON `session` (`began_ms`,`session_id`);--> statement-breakpoint
CREATE INDEX `session_by_agent` ON `session` (`agent`,`began_ms`,`session_id`);--> statement-breakpoint
CREATE INDEX `session_by_duration` ON `session` (`duration_key`,`session_id`);--> statement-breakpoint
CREATE INDEX `session_end_check` ON `session` (`end_check_ms`) WHERE end_check_ms is not null;--> statement-breakpoint
CREATE TABLE `state_combination` (
	`id` integer PRIMARY KEY NOT NULL,
	`presence` integer NOT NULL,
	`state` integer NOT NULL,
	`reason` integer NOT NULL,
	`direction` integer NOT NULL,
	`allocation` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `state_combination_by_all` ON `state_combination` (`presence`,`state`,`reason`,`direction`,`allocation`);--> statement-breakpoint
CREATE TABLE `state_quarter` (
	`quarter` integer NOT NULL,
	`agent` integer NOT NULL,
	`combination` integer NOT NULL,
	`ms` integer NOT NULL,
	`began` integer NOT NULL,
	PRIMARY KEY(`quarter`, `agent`, `combination`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `transfer` (
	`id` integer PRIMARY KEY NOT NULL,
	`interaction_id` blob NOT NULL,
	`from_agent` integer NOT NULL,
	`to_agent` integer NOT NULL,
	`start_ms` integer NOT NULL,
	`end_ms` integer,
	`event` integer NOT NULL,
	`observed_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `transfer_by_key` ON `transfer` (`interaction_id`,`start_ms`,`from_agent`,`to_agent`);--> statement-breakpoint
CREATE INDEX `transfer_by_start` ON `transfer` (`start_ms`,`id`);--> statement-breakpoint
CREATE INDEX `transfer_by_from` ON `transfer` (`from_agent`,`start_ms`,`id`);--> statement-breakpoint
CREATE INDEX `transfer_by_to` ON `transfer` (`to_agent`,`start_ms`,`id`);--> statement-breakpoint
CREATE TABLE `unknown_value` (
	`id` integer PRIMARY KEY NOT NULL,
	`attribute` text NOT NULL,
	`raw` text NOT NULL,
	`first_seen_ms` integer NOT NULL,
	`last_seen_ms` integer NOT NULL,
	`count` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `unknown_value_by_raw` ON `unknown_value` (`attribute`,`raw`);