-- Attributes no longer count, and transfers count from another bit on: what is kept is the end and the successor.
UPDATE `event` SET `completeness` = `completeness` & 0x60000000;
