//! The contracts that are known here: by `dpa.lock` and by the histories of the agreements.

use std::path::{Path, PathBuf};

use crate::contract::{Contract, Form};
use crate::diagnostic::{Diagnostic, Problems};
use crate::input;
use crate::ops::send::ContractToSend;
use crate::ops::settings::Settings;
use crate::ops::sources::id_of;
use crate::ops::sources::{LibraryChoice, LoadedLibrary, read_client};
use crate::pdf::{self, Inspection};
use crate::store::{self, Access, Agreements, EntryKind, Folder, History};

/// The contracts that are known here.
pub struct Known {
    contracts: Vec<KnownContract>,
    /// The histories that cannot be read.
    pub unreadable: Problems,
    /// The agreements beside them.
    pub agreements: Agreements,
}

/// A contract that was made for a client.
#[derive(Debug, Clone)]
pub struct KnownContract {
    /// What the client is called in `agreements/`.
    pub id: String,
    /// The client file, where the lock names it.
    pub client_file: Option<PathBuf>,
    /// The version of its text.
    pub version: String,
    /// The digest that it shows.
    pub digest: String,
    pub(super) copies: Vec<Copy>,
}

/// A file that is the contract, or begins with it.
#[derive(Debug, Clone)]
pub(super) struct Copy {
    path: PathBuf,
    sha256: String,
}

/// The contract as it was made.
pub struct AsMade {
    /// The document.
    pub document: Inspection,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Known {
    /// Reads what is known: of the PDFs in a folder, and of the agreements below a root.
    ///
    /// # Errors
    ///
    /// If the lock cannot be read. A history that cannot be read may be another client's.
    pub fn open(folder: &Path, root: &Path, warnings: &mut Problems) -> Result<Self, Problems> {
        let agreements = Agreements::of(root);
        let mut known = Self { contracts: Vec::new(), unreadable: Problems::new(), agreements };
        let lock = Folder::open(folder, Access::Look, warnings)?.lock;
        for (file, entry) in lock.entries {
            let Some(client) = entry.client.as_ref().map(|client| folder.join(client)) else {
                continue;
            };
            let contract = KnownContract {
                id: id_of(&client),
                client_file: Some(client),
                version: entry.inputs.version,
                digest: entry.digest,
                copies: Vec::new(),
            };
            known.add(contract, Some(Copy { path: folder.join(file), sha256: entry.sha256 }));
        }
        for id in known.agreements.ids() {
            match known.agreements.history(&id) {
                Ok(history) => known.add_history(&id, &history),
                Err(problems) => known.unreadable.extend(problems),
            }
        }
        Ok(known)
    }

    fn add_history(&mut self, id: &str, history: &History) {
        for entry in &history.entries {
            let (Some(version), Some(digest)) = (&entry.version, &entry.digest) else {
                continue;
            };
            let contract = KnownContract {
                id: id.to_owned(),
                client_file: None,
                version: version.clone(),
                digest: digest.clone(),
                copies: Vec::new(),
            };
            let is_ours =
                matches!(entry.kind, EntryKind::Signed | EntryKind::Sent | EntryKind::Notified);
            let copy = entry.file.as_ref().zip(entry.sha256.as_ref()).filter(|_| is_ours);
            let copy = copy.map(|(file, sha256)| Copy {
                path: self.agreements.folder(id).join(file),
                sha256: sha256.clone(),
            });
            self.add(contract, copy);
        }
    }

    fn add(&mut self, contract: KnownContract, copy: Option<Copy>) {
        let is_it =
            |known: &&mut KnownContract| known.id == contract.id && known.digest == contract.digest;
        if let Some(known) = self.contracts.iter_mut().find(is_it) {
            known.copies.extend(copy);
        } else {
            let copies = copy.into_iter().collect();
            self.contracts.push(KnownContract { copies, ..contract });
        }
    }

    /// Those whose digest begins so: it stands whole in the file, and its first digits on every page.
    #[must_use]
    pub fn by_digest(&self, digest: &str) -> Vec<&KnownContract> {
        self.contracts.iter().filter(|known| known.digest.starts_with(digest)).collect()
    }

    /// Those of a client.
    pub fn of_client(&self, id: &str) -> impl Iterator<Item = &KnownContract> {
        self.contracts.iter().filter(move |known| known.id == id)
    }
}

impl KnownContract {
    /// A contract that only a client file makes.
    pub fn of_client_file(path: &Path, library: &LibraryChoice) -> Result<Self, Problems> {
        let library = library.open(Some(path))?;
        let contract = Contract::assemble(&read_client(path, &library)?, Form::Fields);
        Ok(Self {
            id: id_of(path),
            client_file: Some(path.to_owned()),
            version: contract.version.id,
            digest: contract.digest,
            copies: Vec::new(),
        })
    }

    /// The contract as it was made, beside what came back: the bytes that this begins with, or a copy that was
    /// kept, or made again from its inputs. None if there is none of these.
    pub fn as_made(&self, returned: &Inspection, library: &LibraryChoice) -> Option<AsMade> {
        let copies: Vec<Vec<u8>> = self.copies.iter().filter_map(Copy::read).collect();
        if let Some(base) = returned.as_made() {
            let sha256 = store::sha256(base);
            let is_known = self.copies.iter().any(|copy| copy.sha256 == sha256)
                || copies.iter().any(|copy| copy == base);
            if is_known {
                return AsMade::of(base.to_vec());
            }
        }
        if let Some(copy) = copies.into_iter().next() {
            return AsMade::of(copy);
        }
        let made = self.make_again(library)?;
        AsMade::of(made)
    }

    /// Makes the contract again, if its inputs still give it.
    fn make_again(&self, library: &LibraryChoice) -> Option<Vec<u8>> {
        let path = self.client_file.as_deref()?;
        let loaded = LoadedLibrary::new(library.open(Some(path)).ok()?);
        let client = read_client(path, &loaded.library).ok()?;
        let is_same = Contract::assemble(&client, Form::Fields).digest == self.digest;
        let settings = Settings::here().ok()?;
        is_same.then(|| ContractToSend::make(path, &loaded, &settings).ok().map(|made| made.pdf))?
    }
}

impl Copy {
    /// The contract as it was made, if this is still what it was.
    fn read(&self) -> Option<Vec<u8>> {
        let bytes = input::bytes(&self.path).ok()?;
        let inspection = pdf::inspect(&bytes)?;
        let base = inspection.as_made()?;
        let is_it = store::sha256(&bytes) == self.sha256 || store::sha256(base) == self.sha256;
        is_it.then(|| base.to_vec())
    }
}

impl AsMade {
    fn of(bytes: Vec<u8>) -> Option<Self> {
        Some(Self { document: pdf::inspect(&bytes)?, bytes })
    }
}

/// Refuses a client file that is none.
pub fn check_client_file(path: &Path) -> Result<(), Diagnostic> {
    input::read(path).map(|_| ())
}
