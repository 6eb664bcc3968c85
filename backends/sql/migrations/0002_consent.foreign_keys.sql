-- The optional last step, for engines that can add foreign keys to a table. Only what holds at every moment of every change, and
-- locks nothing that mailroll's own connections would wait for: contacts and sources name no team here, since on MySQL whoever
-- writes them would lock the team, which others are about to count up. Nothing cascades: mailroll removes children itself.

ALTER TABLE runs ADD CONSTRAINT runs_team FOREIGN KEY (team_id) REFERENCES teams (team_id);
ALTER TABLE segments ADD CONSTRAINT segments_team FOREIGN KEY (team_id) REFERENCES teams (team_id);
ALTER TABLE topics ADD CONSTRAINT topics_team FOREIGN KEY (team_id) REFERENCES teams (team_id);
ALTER TABLE properties ADD CONSTRAINT properties_team FOREIGN KEY (team_id) REFERENCES teams (team_id);
ALTER TABLE audience_aliases ADD CONSTRAINT audience_aliases_team FOREIGN KEY (team_id) REFERENCES teams (team_id);
ALTER TABLE broadcasts ADD CONSTRAINT broadcasts_team FOREIGN KEY (team_id) REFERENCES teams (team_id);
ALTER TABLE memberships ADD CONSTRAINT memberships_contact FOREIGN KEY (team_id, contact_id) REFERENCES contacts (team_id, contact_id);
