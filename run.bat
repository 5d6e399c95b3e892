@echo off
rem Starts Planboard on Windows. The first start makes .venv and fills it from the hashed lock.
rem   run.bat             the window on the sample estate
rem   run.bat VERB ...    one verb of the command line
rem This file stays ASCII (cmd misreads other letters in batch files); Chinese sentences stand in bootstrap\windows.
setlocal EnableExtensions DisableDelayedExpansion
chcp 65001 >nul
set "PYTHONUTF8=1"
set "ROOT=%~dp0"
set "VENV=%ROOT%.venv"
set "PYTHON=%VENV%\Scripts\python.exe"
set "LOCK=%ROOT%bootstrap\requirements.lock"
set "STAMP=%VENV%\planboard-run.lock"
set "SAY=%ROOT%bootstrap\windows"

rem The stamp is a copy of the lock that was installed, written only after everything else had worked.
if not exist "%PYTHON%" goto find_python
if not exist "%STAMP%" goto check
fc /b "%LOCK%" "%STAMP%" >nul 2>nul
if %ERRORLEVEL%==0 goto start
del "%STAMP%"

:check
"%PYTHON%" -c "import pip" >nul 2>nul
if %ERRORLEVEL%==0 goto fill

:find_python
type "%SAY%\making.txt"
set "NEW_ENOUGH=import sys; sys.exit(sys.version_info < (3, 11))"
set "BASE=py -3.11"
%BASE% -c "%NEW_ENOUGH%" >nul 2>nul
if %ERRORLEVEL%==0 goto make
set "BASE=py -3"
%BASE% -c "%NEW_ENOUGH%" >nul 2>nul
if %ERRORLEVEL%==0 goto make
set "BASE=python"
%BASE% -c "%NEW_ENOUGH%" >nul 2>nul
if %ERRORLEVEL%==0 goto make
goto no_python

:make
%BASE% -m venv --clear "%VENV%"
if not %ERRORLEVEL%==0 goto no_python

:fill
type "%SAY%\installing.txt"
set "PIP=install --require-hashes --no-deps --only-binary :all: --no-input --disable-pip-version-check"
"%PYTHON%" -m pip %PIP% -r "%LOCK%"
if not %ERRORLEVEL%==0 goto no_libraries
copy /y "%LOCK%" "%STAMP%" >nul
if not %ERRORLEVEL%==0 goto no_libraries

:start
set "PLANBOARD_COMMAND=run"
"%PYTHON%" "%ROOT%app.py" %*
set "CODE=%ERRORLEVEL%"
if %CODE%==0 exit /b 0
goto failed

:no_python
type "%SAY%\no-python.txt"
set "CODE=75"
goto failed

:no_libraries
type "%SAY%\no-libraries.txt"
set "CODE=75"

:failed
rem Double-clicked, the console would close before its message could be read.
if "%~1"=="" pause
exit /b %CODE%
