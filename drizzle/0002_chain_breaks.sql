ALTER TABLE `audit` ADD `instant_ms` integer;--> statement-breakpoint
CREATE INDEX `audit_broken` ON `audit` (`instant_ms`) WHERE broken = 1;--> statement-breakpoint
UPDATE `audit` SET `instant_ms` = coalesce(`expected_ms`, `next_attempt_ms`);