//! What is known of files by their size and time, so that what did not change is not read again, as version
//! control does it. Only a cache; a stamp that cannot be relied on is not kept.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::entry::sha256;
use crate::client::identity::Identity;
use crate::input;

/// How much older than its stamp a file must be: one that changes again within the clock's tick would
/// keep its time.
const TICK: Duration = Duration::from_millis(20);

/// What a file looked like when its digest was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp(u64, u128, String);

/// What is kept of the files of a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    /// The stamps, by path.
    stamps: BTreeMap<String, Stamp>,
    /// What client files say of themselves, by path and digest.
    identities: BTreeMap<String, (String, Identity)>,
    /// What was computed of client files and libraries, by their digests.
    computed: BTreeMap<String, Value>,
}

/// The stamps of the files of a folder, by path, and what was found out about those files.
#[derive(Debug, Default)]
pub struct Stamps {
    known: Known,
    seen: Known,
}

impl Stamps {
    /// Reads the cache; a damaged one is empty.
    pub fn read(file: &mut fs::File) -> Self {
        let mut text = String::new();
        let read = file.rewind().and_then(|()| file.read_to_string(&mut text));
        let known = read.ok().and_then(|_| serde_json::from_str(&text).ok()).unwrap_or_default();
        Self { known, seen: Known::default() }
    }

    /// Writes those stamps that are old enough to be relied on. A run may do so several times: what it saw before
    /// is written each time.
    pub fn write(&mut self, file: &mut fs::File, folder: &Path) -> io::Result<()> {
        let now = nanoseconds(SystemTime::now());
        let mut kept = self.seen.clone();
        kept.stamps.retain(|path, Stamp(size, time, _)| {
            let unchanged = fs::metadata(folder.join(path))
                .is_ok_and(|metadata| (metadata.len(), modified(&metadata)) == (*size, *time));
            unchanged && *time + TICK.as_nanos() < now
        });
        if kept == self.known {
            return Ok(());
        }
        let text = serde_json::to_string(&kept).unwrap_or_default();
        file.rewind()?;
        file.set_len(0)?;
        file.write_all(text.as_bytes())?;
        self.known = kept;
        Ok(())
    }

    /// SHA-256 of a file, which is read only if its stamp, kept by the path `seen` from the folder, is not
    /// known.
    pub fn sha256(&mut self, path: &Path, seen: &str) -> io::Result<String> {
        let metadata = fs::metadata(path)?;
        let (size, time) = (metadata.len(), modified(&metadata));
        if let Some(stamp) = self.known.stamps.get(seen)
            && (stamp.0, stamp.1) == (size, time)
        {
            self.seen.stamps.insert(seen.to_owned(), stamp.clone());
            return Ok(stamp.2.clone());
        }
        let digest = sha256(&input::bytes(path)?);
        self.seen.stamps.insert(seen.to_owned(), Stamp(size, time, digest.clone()));
        Ok(digest)
    }

    /// SHA-256 of a client file, and what it says of itself.
    pub fn identity(&mut self, path: &Path, seen: &str) -> io::Result<(String, Identity)> {
        let digest = self.sha256(path, seen)?;
        let known = self.known.identities.get(seen).filter(|(of, _)| *of == digest).cloned();
        let known = if let Some(known) = known {
            known
        } else {
            let bytes = input::bytes(path)?;
            (sha256(&bytes), Identity::read(path, &String::from_utf8_lossy(&bytes)))
        };
        self.seen.identities.insert(seen.to_owned(), known.clone());
        Ok(known)
    }

    /// What was computed of a client file and a library; `made_of` is all that it depends on.
    pub fn computed<T: Serialize + DeserializeOwned>(
        &mut self,
        made_of: &str,
        compute: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        let known = self.known.computed.get(made_of).cloned();
        let known = known.and_then(|value| serde_json::from_value(value).ok());
        let value: T = known.or_else(compute)?;
        let kept = serde_json::to_value(&value).unwrap_or_default();
        self.seen.computed.insert(made_of.to_owned(), kept);
        Some(value)
    }

    /// Notes a file whose content is known, because it was just written.
    pub fn wrote(&mut self, folder: &Path, path: &str, sha256: &str) {
        if let Ok(metadata) = fs::metadata(folder.join(path)) {
            let stamp = Stamp(metadata.len(), modified(&metadata), sha256.to_owned());
            self.seen.stamps.insert(path.to_owned(), stamp);
        }
    }
}

fn modified(metadata: &Metadata) -> u128 {
    metadata.modified().map(nanoseconds).unwrap_or_default()
}

fn nanoseconds(time: SystemTime) -> u128 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_before_an_earlier_writing_is_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["a.pdf", "b.pdf"].map(|name| folder.path().join(name));
        for path in &paths {
            fs::write(path, "content").unwrap();
        }
        std::thread::sleep(TICK * 3);
        let mut cache = tempfile::tempfile().unwrap();
        let mut stamps = Stamps::read(&mut cache);
        stamps.sha256(&paths[0], "a.pdf").unwrap();
        stamps.write(&mut cache, folder.path()).unwrap();
        stamps.sha256(&paths[1], "b.pdf").unwrap();
        stamps.write(&mut cache, folder.path()).unwrap();
        let known = Stamps::read(&mut cache).known.stamps;
        assert_eq!(known.keys().collect::<Vec<_>>(), ["a.pdf", "b.pdf"]);
    }
}
